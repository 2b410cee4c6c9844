"""Judges a diagnosis: the code first, then the line to change."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loopcheck.lab.clinic import HEALTHY, Patient
from loopcheck.modes import catalogue
from loopcheck.source.nodes import nodes_of


class NoSuchPlace(Exception):
    """The named place is not in the project; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The verdict on a diagnosis."""

    right: bool
    said: str
    cause: bool = False  # at least the code is right


def judge(patient: Patient, answer: str, place: str | None, folder: Path) -> Opinion:
    """Return the verdict on *answer*, a code or HEALTHY, and on *place*, a `file:line`."""
    if answer != patient.answer:
        return Opinion(right=False, said=_other(patient, answer))
    if answer == HEALTHY:
        return Opinion(right=True, said=f"{patient.project} is healthy. {patient.told_by}")
    named = _named(answer)
    if place is None:
        said = f"It is {named}. Which line do you have to change? {_usage(patient, answer)}"
        return Opinion(right=False, said=said, cause=True)
    file, line = _place(place, folder)
    if not _is_meant(patient, folder, file, line):
        there = _words(folder, file, line)  # who counted lines by hand sees whether it is theirs
        said = f"It is {named}. But {place} is {there}: another line has to change. {patient.nudge}"
        return Opinion(right=False, said=said, cause=True)
    return Opinion(right=True, said=f"{patient.project}: {named}, {place}. {patient.told_by}")


def _other(patient: Patient, answer: str) -> str:
    """Return why *patient* does not have the fault *answer*."""
    if answer == HEALTHY:
        seen = patient.not_this.get(HEALTHY, patient.nudge)
        return f"{patient.project} is not healthy. {seen}"
    why = patient.not_this.get(answer)
    what = catalogue.find(answer)
    if why is None and what is not None:
        why = f"That would mean: {catalogue.title(what).rstrip('.')}. {patient.nudge}"
    return f"{patient.project} does not have {_named(answer)}. {why}"


def _named(code: str) -> str:
    mode = catalogue.find(code)
    return f"{code} {mode.slug}" if mode else code


def _usage(patient: Patient, answer: str) -> str:
    return f"%diagnose {patient.project} {answer} FILE:LINE"


def _place(text: str, folder: Path) -> tuple[str, int]:
    """Return the file and the line that *text* names in the project."""
    file, _, line = text.replace("\\", "/").removeprefix("./").rpartition(":")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}
    known = sorted(name for name in files if "__pycache__" not in name)
    if file not in known:
        raise NoSuchPlace(
            f"`{text}` is no line of this project's code. Name one as FILE:LINE, with one of "
            f"{', '.join(known)}"
        )
    most = len((folder / file).read_text(encoding="utf-8").splitlines())
    if not line.isdigit() or not 1 <= int(line) <= most:
        raise NoSuchPlace(f"`{text}`: {file} has the lines 1 to {most}.")
    return file, int(line)


def _words(folder: Path, file: str, line: int) -> str:
    text = (folder / file).read_text(encoding="utf-8").splitlines()[line - 1].strip()
    return f"`{text}`" if text else "an empty line"


def _is_meant(patient: Patient, folder: Path, file: str, line: int) -> bool:
    """True if *line* is in a statement that fixes the fault when changed."""
    text = (folder / file).read_text(encoding="utf-8")
    wanted = [words for name, words in patient.places if name == file]
    at = [n for n, code in enumerate(text.splitlines(), 1) if code.strip() in wanted]
    return any(_statement(text, line) == _statement(text, one) for one in at)


def _statement(text: str, line: int) -> tuple[int, int]:
    """Return the first and last line of the smallest statement around *line*.

    Of a function or a block it is the head, with its decorators.
    """
    spans = [span for span in _spans(text) if span[0] <= line <= span[1]]
    return min(spans, key=lambda span: span[1] - span[0], default=(line, line))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each statement; of one with a body, those of its head."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in nodes_of(ast.stmt, tree):
        body = getattr(node, "body", None)
        last = _first(body[0]) - 1 if body else node.end_lineno or node.lineno
        yield _first(node), max(node.lineno, last)


def _first(node: ast.stmt) -> int:
    """Return the first line of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
