"""A change to files, line by line: a line stays, goes (-) or comes (+)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from loopcheck.lab.projects.project_files import ProjectError, files_in

PARTS = "@@"  # on a line of its own: what follows is another place of the same file


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place of a file: its lines before the change, and its lines after it."""

    before: tuple[str, ...]
    after: tuple[str, ...]


Diff = dict[str, tuple[Hunk, ...]]  # by path


def read(cell: str) -> Diff:
    """Return the changes that *cell* describes, by `# file: path`."""
    return {path: tuple(_hunks(path, text)) for path, text in files_in(cell).items()}


def _hunks(path: str, text: str) -> Iterator[Hunk]:
    for parts, lines in groupby(text.splitlines(), key=PARTS.__eq__):
        if parts:
            continue
        marked = [(line[:1], line[1:].rstrip()) for line in lines]
        if wrong := next((sign + rest for sign, rest in marked if sign not in {"", *" +-"}), None):
            raise ProjectError(
                f"`{wrong}` ({path}) has no sign. Begin it with - to remove the line, with "
                "+ to add it, or with a blank to keep it."
            )
        if all(sign not in {"+", "-"} for sign, _ in marked):
            raise ProjectError(f"nothing changes in {path}. Begin a line with + or with -.")
        yield Hunk(
            tuple(rest for sign, rest in marked if sign != "+"),
            tuple(rest for sign, rest in marked if sign != "-"),
        )


def applied(files: dict[str, str], diff: Diff) -> dict[str, str]:
    """Return *files* with *diff* applied. A file that loses its last line goes."""
    changed = dict(files)
    for path, hunks in diff.items():
        lines = changed.pop(path, "").splitlines()
        for hunk in hunks:
            at = _place(path, lines, hunk.before)
            lines[at : at + len(hunk.before)] = hunk.after
        if lines:
            changed[path] = "\n".join(lines) + "\n"
    return changed


def _place(path: str, lines: Sequence[str], before: tuple[str, ...]) -> int:
    """Return the index of *before* in *lines*, which must hold it exactly once."""
    if not before:
        if not lines:
            return 0
        raise ProjectError(f"{path} already exists. Begin with one of its lines, after a blank.")
    bare, size = [line.rstrip() for line in lines], len(before)
    places = [at for at in range(len(bare)) if tuple(bare[at : at + size]) == before]
    if len(places) == 1:
        return places[0]
    first = next(filter(None, before), "")
    if places:
        raise ProjectError(
            f"`{first.strip()}` is {len(places)} times in {path}. Add a line next to it."
        )
    raise ProjectError(
        f"{path} does not have these lines, from `{first.strip()}` on. "
        "Copy the lines that you remove or keep exactly as they are in the file."
    )
