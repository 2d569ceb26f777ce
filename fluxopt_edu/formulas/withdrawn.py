"""Ids that no longer name a formula: each keeps its place here, with the reason and where to look now."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tombstone:
    """Why an id was withdrawn, in both languages, and the ids to use instead."""

    version: str
    en: str
    zh: str
    see: tuple = ()

    def message(self, id):
        see = f"; see {', '.join(self.see)}" if self.see else ""
        return f"formula {id!r} was withdrawn in version {self.version}: {self.en}{see}"


WITHDRAWN: dict[str, Tombstone] = {}
