"""A cause in at most five lines, for coding agents and other readers that pay for each word.

Each begins with the line to change, as compilers and linters write it: editors make it a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loopcheck.modes.finding import Finding
from loopcheck.report._story import visible
from loopcheck.report.text import located

# A token has some three characters of code and four of English: 120 tokens for a cause.
MOST, WHAT, LEAST = 400, 160, 60  # characters: of a cause, of its `what`, of its `fix`
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
INDENT = "  "


def cause(found: Finding, *, rerun: str | None, diff: Sequence[str] = ()) -> str:
    """Return what is wrong, where, the *diff* or words of a fix, and the command to *rerun*."""
    first = line(found)
    last = [f"{INDENT}rerun  {rerun}"] if rerun else []
    fix = [f"{INDENT}{one}" for one in diff]
    if not fix or len("\n".join((first, *fix, *last))) > MOST:
        name = f"{INDENT}fix    "
        room = max(MOST - len("\n".join((first, name, *last))), LEAST)
        fix = [f"{name}{_shortened(found.fix, room)}"]
    return "\n".join(visible(one) for one in (first, *fix, *last))


def line(found: Finding) -> str:
    """Return the place, the code, its certainty and what happened, in one line."""
    tests = f", {found.count} times" if found.count > 1 else ""
    what = _shortened(found.what, WHAT)
    return visible(f"{located(found)} ({found.certainty}{tests}): {what}")


def _shortened(said: str, room: int) -> str:
    """Return the sentences that fit into *room*; of a first one that does not, its beginning."""
    kept = ""
    for sentence in SENTENCE.split(said):
        longer = f"{kept} {sentence}".lstrip()
        if len(longer) > room:
            break
        kept = longer
    return kept or f"{said[: room - 1].rpartition(' ')[0].rstrip(',;:')} …"
