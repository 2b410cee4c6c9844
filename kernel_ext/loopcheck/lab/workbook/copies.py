"""The learner's copy of the lessons: without outputs, without solutions, theirs to change.

A later version of loopcheck updates it cell by cell, matched by cell id. What the learner changed,
added or removed stays as they left it.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

STATE = ".loopcheck.json"  # in the copy: what was shipped, so that the learner's changes show
BESIDE = ("pytest.ini", "conftest.py", "nbval-sanitize.cfg")  # the lessons need these

# A checkout's lessons name what a reader of the repository has to install. Who has a copy has it:
# `loopcheck lab`, or a Hub, made that copy with the Python of its kernels.
INSTALL = (
    "this kernel lacks the extension. In a terminal, beside the workbook: "
    '`pip install -e ".[workbook]"`, then restart the kernel.'
)
CHOOSE = (
    "this kernel is of another Python than the one that made this copy. "
    "Choose *Kernel*, *Change Kernel…*, *Python 3 (ipykernel)*."
)
# As the kernel describes itself. With anything else Lab changes the notebook when it opens it, and
# marks it as unsaved.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}

Cell = dict[str, Any]
Notebook = dict[str, Any]
Shipped = dict[str, str]  # cell id → digest of the text shipped under it, in our order
Outcome = Literal["new", "updated", "kept", "same"]


class State(TypedDict):
    """What STATE holds."""

    cells: dict[str, Shipped]  # by name of the lesson
    files: Shipped  # by name of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Names of the files that a refresh made, changed, or left to the learner."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # ours differs, theirs stays


class NotOursError(Exception):
    """The folder holds other things than a copy of the lessons."""


def lessons() -> Path:
    """Return the folder of the lessons: the checkout's, else the one in the package."""
    package = Path(__file__).resolve().parents[2]
    checkout = package.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "notebooks").is_dir():
        return checkout / "notebooks"
    return package / "lab" / "lessons"


def refresh(source: Path, target: Path) -> Refreshed:
    """Update *target* from *source*, without touching the learner's changes."""
    state = _open(target)
    done: dict[str, Outcome] = {}
    for lesson in sorted(source.glob("*.ipynb")):
        shipped = state["cells"].setdefault(lesson.name, {})
        done[lesson.name] = _bring_lesson(lesson, target / lesson.name, shipped)
        _write(target / STATE, _as_text(state))  # after each: an interrupted refresh loses nothing
    for name in filter(lambda name: (source / name).exists(), BESIDE):
        done[name] = _bring_file(source / name, target / name, state["files"])
    _write(target / STATE, _as_text(state))
    outcomes = ("new", "updated", "kept")
    return Refreshed(**{word: tuple(n for n in done if done[n] == word) for word in outcomes})


def without_outputs(notebook: Notebook) -> Notebook:
    """Return *notebook* as a learner gets it: not run, without outputs, and for this Python."""
    cells = [
        cell | {"outputs": [], "execution_count": None}
        if cell["cell_type"] == "code"
        else cell | {"source": [line.replace(INSTALL, CHOOSE) for line in _lines(cell)]}
        for cell in notebook["cells"]
    ]
    return notebook | {
        "cells": cells,
        "metadata": notebook.get("metadata", {}) | {"language_info": LANGUAGE},
    }


def _lines(cell: Cell) -> list[str]:
    source = cell["source"]  # a list of lines on disk, one text when another program wrote it
    return source.splitlines(keepends=True) if isinstance(source, str) else source


def merge(ours: list[Cell], theirs: list[Cell], shipped: Shipped) -> list[Cell]:
    """Return *theirs* with the changes of *ours* in cells that the learner left alone."""
    untouched = [shipped.get(_id(cell)) == _digest(cell) for cell in theirs]
    if all(untouched) and [_id(cell) for cell in theirs] == list(shipped):
        run = {_id(cell): cell for cell in theirs}
        return [_newer(cell, run.get(_id(cell), cell)) for cell in ours]
    by_id = {_id(cell): cell for cell in ours}
    merged = [
        _newer(by_id[_id(cell)], cell) if pristine else cell
        for cell, pristine in zip(theirs, untouched, strict=True)
        if not pristine or _id(cell) in by_id  # what we removed goes, unless it was changed
    ]
    known = shipped.keys() | {_id(cell) for cell in theirs}  # known and missing: they removed it
    for at, cell in enumerate(ours):
        if _id(cell) not in known:
            merged.insert(_place_after(ours[:at], merged), cell)
    return merged


def _newer(ours: Cell, theirs: Cell) -> Cell:
    """Return *ours*, or *theirs* with what it printed when the text is the same."""
    return theirs if _digest(ours) == _digest(theirs) else ours


def _place_after(before: list[Cell], cells: list[Cell]) -> int:
    """Return the place in *cells* behind the last of those that come *before*."""
    ids = {_id(cell) for cell in before}
    return max((at for at, cell in enumerate(cells, 1) if _id(cell) in ids), default=0)


def _bring_lesson(source: Path, target: Path, shipped: Shipped) -> Outcome:
    """Make or renew one lesson, and note in *shipped* what the learner now has of ours."""
    ours = without_outputs(json.loads(source.read_text(encoding="utf-8")))
    if not target.exists():
        _write(target, _as_text(ours))
        _note(shipped, ours["cells"], ours["cells"])
        return "new"
    theirs = _read_notebook(target)
    if theirs is None:
        return "kept"  # not a notebook any more: the learner may mend or delete it
    merged = merge(ours["cells"], theirs["cells"], shipped)
    _note(shipped, ours["cells"], merged)
    if merged != theirs["cells"]:
        _write(target, _as_text(theirs | {"cells": merged, "metadata": ours["metadata"]}))
        return "updated"
    return "same" if shipped == _digests(ours["cells"]) else "kept"


def _bring_file(source: Path, target: Path, shipped: Shipped) -> Outcome:
    ours = source.read_text(encoding="utf-8")
    theirs = target.read_text(encoding="utf-8") if target.exists() else None
    if theirs not in (None, ours) and shipped.get(source.name) != _hash(theirs or ""):
        return "kept"
    shipped[source.name] = _hash(ours)
    if theirs == ours:
        return "same"
    _write(target, ours)
    return "new" if theirs is None else "updated"


def _note(shipped: Shipped, ours: list[Cell], theirs: list[Cell]) -> None:
    """Record what was shipped last under each id; for a cell they changed, what it was before."""
    there = _digests(theirs)
    now = {
        name: new if there.get(name) == new else shipped.get(name)
        for name, new in _digests(ours).items()
    }
    shipped.clear()
    shipped.update({name: digest for name, digest in now.items() if digest})


def _open(target: Path) -> State:
    """Return the state of the copy in *target*, or make an empty one."""
    state = target / STATE
    if not state.exists():
        if target.exists() and any(target.iterdir()):
            raise NotOursError(target)
        target.mkdir(parents=True, exist_ok=True)
        _write(state, "{}\n")
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
        cells = {name: dict(shipped) for name, shipped in found["cells"].items()}
        return State(cells=cells, files=dict(found["files"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return State(
            cells={}, files={}
        )  # then what differs from ours is taken for theirs, and stays


def _read_notebook(file: Path) -> Notebook | None:
    """Return the notebook in *file*, or None where it holds something else."""
    try:
        found: Notebook = json.loads(file.read_text(encoding="utf-8"))
        _digests(found["cells"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found


def _id(cell: Cell) -> str:
    return str(cell.get("id", ""))


def _digests(cells: Iterable[Cell]) -> Shipped:
    return {_id(cell): _digest(cell) for cell in cells}


def _digest(cell: Cell) -> str:
    return _hash(cell["cell_type"] + "\n" + "".join(_lines(cell)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _as_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(file: Path, text: str) -> None:
    """Replace *file* atomically, and only if it differs: an open notebook is not disturbed."""
    new = text.encode()
    if not file.exists() or file.read_bytes() != new:
        beside = file.with_name(file.name + ".new")
        beside.write_bytes(new)
        os.replace(beside, file)
