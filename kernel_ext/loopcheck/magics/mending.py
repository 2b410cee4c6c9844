"""`%loopcheck fix`: what mends the project or cell of tests that ran last, proved in a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython

from loopcheck.case import journal
from loopcheck.magics import cell_project, cells
from loopcheck.report import html
from loopcheck.report.view import View

if TYPE_CHECKING:
    from loopcheck.repair.session import Session

APPLY, EVERY = "--apply", "--all"
NO_TESTS = (
    "%loopcheck fix mends tests: those of the last %%ipytest cell or %pytest run, or those that you"
    " name, as in %loopcheck fix tests/test_cart.py. For another cell, %loopcheck why says what to"
    " change."
)
BELOW = "The mended cell is below: run it."
EARLIER_TOO = (
    "An earlier cell must change, too: make the change that the diff shows for "
    f"{cell_project.EARLIER}.py there."
)


def fix(rest: list[str]) -> View:
    """Return the proved change of each fault, its diff and its proof.

    `--apply` writes it into the project's files, or puts the mended cell below.
    """
    args = tuple(word for word in rest if word not in (APPLY, EVERY))
    run = None if args else journal.last_of_tests()
    last = cells.last_of_tests()
    if run is not None and run.source == "pytest" and last is not None:
        return _fix_cell(rest, *last)
    place = _place(args, run)
    with _begun(*place, rest) as repair:
        return _shown(repair, rest)


def _fix_cell(rest: list[str], cell: str, earlier: list[str]) -> View:
    shell = get_ipython()
    space = dict(shell.user_ns) if shell is not None else {}
    with (
        cell_project.written(cell, earlier, space) as project,
        _begun(project.folder, (cell_project.FILE,), rest) as repair,
    ):
        return _shown(repair, rest, project)


@contextmanager
def _begun(here: Path, args: tuple[str, ...], rest: list[str]) -> Iterator[Session]:
    from loopcheck.repair import session  # late: no other part runs tests

    print("Running the tests in a copy, then once for each change, and in random order.")
    wanted = session.Wanted(here, args, every=EVERY in rest)
    try:
        with session.begun(wanted, lambda what: None, lambda: None) as repair:
            yield repair
    except session.RepairError as error:
        raise UsageError(f"{error.output}\n{error}".strip()) from None


def _shown(
    repair: Session, rest: list[str], project: cell_project.CellProject | None = None
) -> View:
    from loopcheck.repair import mending_words

    done = list(repair.outcomes)
    written, below = "", ""
    if APPLY in rest and project is None:
        repair.write()
        written = repair.names()
    elif APPLY in rest and project is not None:
        written, below = _put_below(repair, project)
    again = " ".join(("%loopcheck fix", *rest, APPLY))
    said = [mending_words.outcome(one, repair.root) for one in done]
    said.append(mending_words.summary(repair.first, done, written, again))
    whole = "\n\n".join([*said, *([below] if below else [])])
    return View(whole, html.page(whole))


def _put_below(repair: Session, project: cell_project.CellProject) -> tuple[str, str]:
    """Put the mended cell below this one; return what changed, and what to do next."""
    changes = repair.changes()
    if project.file not in changes:
        return "", EARLIER_TOO if changes else ""
    shell = get_ipython()
    after = changes[project.file][1].decode("utf-8")
    if shell is not None:
        shell.set_next_input(project.cell_of(after))
    return "the cell", EARLIER_TOO if len(changes) > 1 else BELOW


def _place(args: tuple[str, ...], run: journal.Run | None) -> tuple[Path, tuple[str, ...]]:
    """Return the folder to run the tests in, and pytest's arguments."""
    if args:
        return Path.cwd(), args
    if run is None or not run.root or not run.source.startswith("%pytest "):
        raise UsageError(NO_TESTS)
    return Path(run.root), ()
