"""Figures, tables and equations count from 1 on each page.

Sphinx counts them through the whole project, so the Chinese chapter 1 would go on where the English one stopped. In a
numbered chapter the numbers carry the chapter: Fig. 2.1, (2.1).
"""

from collections import Counter

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def restart_on_each_page(app: Sphinx, env: BuildEnvironment) -> list[str]:
    changed = []
    for docname, by_kind in env.toc_fignumbers.items():
        before = {kind: dict(numbers) for kind, numbers in by_kind.items()}
        for numbers in by_kind.values():
            seen = Counter()
            # In the order of the page, which is the order Sphinx found them in.
            for node_id, (*chapter, _project_wide) in numbers.items():
                seen[tuple(chapter)] += 1
                numbers[node_id] = (*chapter, seen[tuple(chapter)])
        if by_kind != before:
            changed.append(docname)
    return changed


def setup_numbering(app: Sphinx) -> None:
    # After the collector that hands out the numbers, at the default priority of the same event.
    app.connect("env-get-updated", restart_on_each_page, priority=900)
