"""A change of a file as a unified diff, which `git apply` and `patch -p1` take."""

import difflib
import re
from collections.abc import Iterator

RED, GREEN, CYAN, BOLD, PLAIN = "\033[31m", "\033[32m", "\033[36m", "\033[1m", "\033[0m"
NO_NEWLINE = "\\ No newline at end of file"
LINES = re.compile(r"[^\n]*\n|[^\n]+\Z")


def diff(name: str, before: str, after: str) -> str:
    """Return the lines that change in the file *name*, with three lines around them."""
    was, is_now = LINES.findall(before), LINES.findall(after)
    made = difflib.unified_diff(was, is_now, f"a/{name}", f"b/{name}", n=3)
    return "".join(_whole(line) for line in made).rstrip("\n")


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}\n"


def coloured(said: str) -> str:
    """Return a diff with the colours of git."""
    return "\n".join(_coloured(said.split("\n")))


def _coloured(lines: list[str]) -> Iterator[str]:
    colours = {"---": BOLD, "+++": BOLD, "@@ ": CYAN, "-": RED, "+": GREEN}
    for line in lines:
        found = next((colour for start, colour in colours.items() if line.startswith(start)), "")
        yield f"{found}{line}{PLAIN}" if found else line
