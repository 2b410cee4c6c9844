"""`%loopcheck fix`: what mends the last project that failed, tried in a copy and proved."""

from __future__ import annotations

from pathlib import Path

from IPython.core.error import UsageError

from loopcheck.case import journal
from loopcheck.report import html
from loopcheck.report.view import View

APPLY, EVERY = "--apply", "--all"
NO_FILES = (
    "%loopcheck fix mends files: the tests of a project that %pytest ran here, or those that you "
    "name, as in %loopcheck fix tests/test_cart.py. For a cell, %loopcheck why says what to change."
)


def fix(rest: list[str]) -> View:
    """Return the proved change of each fault, its diff and its proof; `--apply` writes it."""
    from loopcheck.repair import mending_words, session  # late: no other part runs tests

    args = tuple(word for word in rest if word not in (APPLY, EVERY))
    wanted = session.Wanted(*_place(args), every=EVERY in rest)
    print("Running the tests in a copy, then once for each change, and in random order.")
    try:
        with session.begun(wanted, lambda what: None, lambda: None) as repair:
            done = list(repair.outcomes)
            if APPLY in rest:
                repair.write()
            written = repair.names() if APPLY in rest else ""
            again = " ".join(("%loopcheck fix", *rest, APPLY))
            said = [mending_words.outcome(one, repair.root) for one in done]
            said.append(mending_words.summary(repair.first, done, written, again))
    except session.RepairError as error:
        raise UsageError(f"{error.output}\n{error}".strip()) from None
    whole = "\n\n".join(said)
    return View(whole, html.page(whole))


def _place(args: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """Return the folder to run the tests in, and pytest's arguments."""
    if args:
        return Path.cwd(), args
    run = journal.last_of_tests()
    if run is None or not run.root or not run.source.startswith("%pytest "):
        raise UsageError(NO_FILES)
    return Path(run.root), ()
