"""A conftest.py that pytest could not import: what was raised where, and what its text says."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import defined, whose
from loopcheck.facts.records import Place, Unreadable

if TYPE_CHECKING:
    from loopcheck.faces.held_pytest import Origin


def read(error: BaseException, origin: Origin, labels: Labels) -> Unreadable:
    """Return why the fixtures of *origin* are not known, and which its files name all the same."""
    cause = getattr(error, "cause", None)
    path = getattr(error, "path", None)
    if not isinstance(cause, BaseException):
        cause, path = error.__cause__ or error, None
    chain = _chain(origin.folder)
    known = {one.name: one for file in chain for one in defined.from_text(str(file), labels)}
    said = labels.file(str(path)) if path is not None else origin.said
    return Unreadable(
        file=said,
        type=type(cause).__name__,
        message=plain(" ".join(str(cause).split())),
        place=_place(cause, labels),
        known=tuple(known.values()),
    )


def _chain(folder: Path) -> list[Path]:
    """Return the conftest.py files that count in *folder*, the outermost first."""
    files = []
    for at in (folder, *folder.parents):
        if (at / "conftest.py").is_file():
            files.append(at / "conftest.py")
        if any((at / name).is_file() for name in ("pytest.ini", "pyproject.toml", "tox.ini")):
            break
    return files[::-1]


def _place(error: BaseException, labels: Labels) -> Place | None:
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return Place(labels.file(error.filename), error.lineno)
    steps = traceback.extract_tb(error.__traceback__)
    users = [step for step in steps if whose.owner(step.filename) == "user"]
    if not users or users[-1].lineno is None:
        return None
    return Place(labels.file(users[-1].filename), users[-1].lineno)
