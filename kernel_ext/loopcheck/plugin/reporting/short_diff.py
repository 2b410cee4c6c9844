"""The diff of an edit that is a line or two, at the line that a finding names."""

from __future__ import annotations

import difflib
from textwrap import dedent
from typing import TYPE_CHECKING

from loopcheck.labels import masked
from loopcheck.source.changes.edited_text import applied

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.source.changes.project_sources import Sources

MOST, WIDEST = 3, 90  # lines, and characters of each


def lines(found: Finding, sources: Sources) -> list[str]:
    """Return "- save()" and "+ await save()", or nothing if the change is larger or elsewhere."""
    if not found.edits or found.where is None or not found.edits[0].safe:
        return []
    changes, where = found.edits[0].changes, found.where
    if {one.file for one in changes} != {where.file}:
        return []
    before = sources.open(where.file).text
    was, is_now = before.splitlines(), applied(before, changes).splitlines()
    matcher = difflib.SequenceMatcher(None, was, is_now, autojunk=False)
    changed = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    if len(changed) != 1:
        return []
    _, start, end, new_start, new_end = changed[0]
    old, new = was[start:end], is_now[new_start:new_end]
    if not start < where.line <= max(end, start + 1) or len(old) + len(new) > MOST:
        return []
    shown = dedent("\n".join([*old, *new])).split("\n")
    signs = ["-"] * len(old) + ["+"] * len(new)
    made = [f"{sign} {one}" for sign, one in zip(signs, shown, strict=True)]
    whole = "\n".join(made)
    return made if max(map(len, made)) <= WIDEST and masked(whole) == whole else []
