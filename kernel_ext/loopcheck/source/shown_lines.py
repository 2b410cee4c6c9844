"""A line of a file as a finding shows it: in one piece, without secrets, and not too long."""

from __future__ import annotations

from loopcheck.labels import masked
from loopcheck.source import parsed_files

LONGEST = 200  # characters: generated code has lines of any length
OPEN = ("(", "[", "{", "=", "\\", '"""', "'''")  # the value goes on in the next line


def read_shown_line(filename: str, number: int) -> str | None:
    """Return line *number* of *filename* as it is now, None if it can't be read or shows nothing.

    For a statement of several lines that is one of them: the finding names its number.
    """
    lines = ["", *parsed_files.text(filename).split("\n")]
    if not 0 < number < len(lines):
        return None
    above = lines[number - 1].rstrip()
    # A secret may be announced on the line before: `password=`, and below it the value.
    masked_above, broken, line = masked(f"{above}\n{lines[number]}").partition("\n")
    shown = line.strip()
    if not broken or (masked_above != above and above.endswith(OPEN)):
        return None
    if not any(one.isalnum() for one in shown):
        return None  # only brackets
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
