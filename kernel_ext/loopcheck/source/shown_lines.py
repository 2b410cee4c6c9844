"""A line of a file as a finding shows it: in one piece, without secrets, and not too long."""

from __future__ import annotations

from loopcheck.labels import masked
from loopcheck.source import masked_code, parsed_files

LONGEST = 200  # characters: generated code has lines of any length
OPEN = ("(", "[", "{", "=", "\\", '"""', "'''")  # the value goes on in the next line


def read_shown_line(filename: str, number: int) -> str | None:
    """Return line *number* of *filename* as it is now, None if it can't be read or shows nothing.

    For a statement of several lines that is one of them: the finding names its number.
    """
    lines = ["", *parsed_files.text(filename).split("\n")]
    if not 0 < number < len(lines):
        return None
    shown = masked_code.masked_line(filename, number, lines[number])
    return _shortened(_masked_text(lines, number) if shown is None else shown)


def _masked_text(lines: list[str], number: int) -> str:
    """Return a line of what is not Python."""
    above = lines[number - 1].rstrip()
    # A secret may be announced on the line before: `password=`, and below it the value.
    masked_above, broken, line = masked(f"{above}\n{lines[number]}").partition("\n")
    return "" if not broken or (masked_above != above and above.endswith(OPEN)) else line


def _shortened(line: str) -> str | None:
    shown = line.strip()
    if not any(one.isalnum() for one in shown):
        return None  # only brackets
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
