"""Add the formulas that are new to the register of ids: python tools/register.py

Refuses where an id says something else than before, or is gone without a tombstone.
"""

import json
import sys
from pathlib import Path

from fluxopt_edu.formulas import catalogue, register
from fluxopt_edu.formulas.withdrawn import WITHDRAWN

REGISTER = Path(register.__file__).with_name(register.NAME)


def faults(entries, kept, withdrawn):
    """What is wrong with the catalogue, given what was registered; nothing if all ids mean what they meant."""
    for id, record in kept.items():
        if id in withdrawn:
            if id in entries:
                yield f"{id} was withdrawn and is in the catalogue again: a withdrawn id stays withdrawn"
            for successor in withdrawn[id].see:
                if successor not in entries:
                    yield f"{id}: its tombstone names {successor}, which is not in the catalogue"
        elif id not in entries:
            yield f"{id} is gone: it needs a tombstone in fluxopt_edu/formulas/withdrawn.py that says why and where to look now"
        elif not register.same_meaning(entries[id], record):
            yield f"{id} said {record['left']} {record['relation']} {record['right']}, now {entries[id].relation}: give the new formula a new id"
    for id in withdrawn.keys() - kept.keys():
        yield f"{id} was withdrawn but never registered"


def main():
    entries, kept = catalogue(), register.registered() if REGISTER.exists() else {}
    found = list(faults(entries, kept, WITHDRAWN))
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    new = [id for id in entries if id not in kept]
    for id in new:
        kept[id] = register.record(entries[id])
    REGISTER.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(new)} new, {len(kept)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
