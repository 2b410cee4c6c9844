"""A planted bug as a diff of a few lines: what a learner's tests did not notice."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from textwrap import dedent

MOST = 3  # lines that one change takes away, and lines that it brings
IN_ALL = 7  # lines of a bug that is made of several changes
# The end of a line that only watches the answer: a learner would look for the bug in it.
NOT_SHOWN = "  # not shown"


def diff(files: Mapping[str, str], planted: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return the lines that *planted* changes in *files*, with their signs: `- x`, `+ y`."""
    changed = dict(files)
    for file, right, wrong in planted:
        changed[file] = changed[file].replace(right, wrong, 1)
    lines: list[str] = []
    for file in dict.fromkeys(file for file, _, _ in planted):
        lines += _changes(files[file].splitlines(), changed[file].splitlines())
    if len(lines) > IN_ALL:
        lines[IN_ALL - 1 :] = ["  …"]
    return tuple(lines)


def _changes(before: list[str], after: list[str]) -> list[str]:
    lines: list[str] = []
    for kind, at, to, new_at, new_to in SequenceMatcher(a=before, b=after).get_opcodes():
        if kind == "equal":
            continue
        gone, come = _shown(before[at:to]), _shown(after[new_at:new_to])
        if not gone and not come:
            continue
        above = [line for line in before[:at] if line.strip()][-1:]  # it says where
        beside = above if not gone or not come else []
        bare = dedent("\n".join([*beside, *gone, *come])).splitlines()
        signs = [" "] * len(beside) + ["-"] * len(gone) + ["+"] * len(come)
        lines += [f"{sign} {line}" for sign, line in zip(signs, bare, strict=True)]
    return lines


def _shown(lines: list[str]) -> list[str]:
    """Return *lines* without blank and watching ones; of many the first, and how many follow."""
    full = [line for line in lines if line.strip() and not line.endswith(NOT_SHOWN)]
    if len(full) <= MOST:
        return full
    last = full[MOST - 2]
    indent = last[: len(last) - len(last.lstrip())]
    return [*full[: MOST - 1], f"{indent}… {len(full) - MOST + 1} lines more"]
