"""`%%asyncfixture`: a cell that defines fixtures, may await, and reports at once what is wrong.

A cell magic cannot await. So its first line becomes a call that reads the options, and the rest
stays an ordinary cell; a hook looks at what it defined.
"""

from __future__ import annotations

import argparse
import inspect
import shlex
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.error import UsageError

from loopcheck.magics.fixtures import notebook_names
from loopcheck.records import SCOPES

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.magics.asyncfixture import Asyncfixture

HEAD = "%%asyncfixture"
HELP = """Define fixtures in a cell, for `up` and for the %%ipytest cells to come.

    %%asyncfixture [--scope SCOPE] [--loop-scope SCOPE] [--autouse]

An `async def` without a decorator becomes a fixture with these scopes, if the cell has no fixture
with a decorator of its own. The cell shows at once what is wrong, and how the decorator
should read in strict and in auto mode. The cell may await.
"""


def headless(lines: list[str]) -> list[str]:
    """Return the lines of a cell with its first line as a call; the others keep their numbers."""
    if not lines or not _asked(lines[0]):
        return lines
    said = lines[0].strip().removeprefix(HEAD).strip()
    call = f"get_ipython().run_line_magic('asyncfixture', {f'cell {said}'!r})\n"
    return [call, *lines[1:]]


def _asked(text: str) -> bool:
    return text.startswith(HEAD) and text.split(maxsplit=1)[0] == HEAD


def install(shell: InteractiveShell, fixtures: Asyncfixture) -> Callable[[], None]:
    """Read the first line of these cells, and look at what they define; return the undo."""
    cell = Cell(shell, fixtures)
    fixtures.begin_cell = cell.begin

    def asyncfixture(line: str, cell: str) -> None:
        raise UsageError(f"{HEAD} must be the first line of its cell.")

    asyncfixture.__doc__ = HELP
    shell.magics_manager.register_function(asyncfixture, "cell", "asyncfixture")
    shell.input_transformers_cleanup.append(headless)
    shell.events.register("post_run_cell", cell.end)

    def undo() -> None:
        if headless in shell.input_transformers_cleanup:
            shell.input_transformers_cleanup.remove(headless)
            shell.events.unregister("post_run_cell", cell.end)
            shell.magics_manager.magics["cell"].pop("asyncfixture", None)

    return undo


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{HEAD}: {message}")


def _parser() -> Parser:
    made = Parser(prog=HEAD, add_help=False, allow_abbrev=False)
    made.add_argument("--scope", choices=SCOPES)
    made.add_argument("--loop-scope", choices=SCOPES)
    made.add_argument("--autouse", action="store_true")
    return made


class Cell:
    """The running cell, if it began with `%%asyncfixture`."""

    def __init__(self, shell: InteractiveShell, fixtures: Asyncfixture) -> None:
        self.shell, self.fixtures = shell, fixtures
        self.options: dict[str, Any] | None = None
        self.before: dict[str, Any] = {}

    def begin(self, words: str) -> None:
        """Read the options, before the cell's own first line runs."""
        given = vars(_parser().parse_args(shlex.split(words)))
        self.options = {name: value for name, value in given.items() if value}
        self.before = dict(self.shell.user_ns)

    def end(self, result: Any) -> None:
        """Make fixtures of what the cell defined, and show the report on them."""
        options, before = self.options, self.before
        self.options, self.before = None, {}
        if options is None or getattr(result, "error_in_exec", None) is not None:
            return
        space = self.shell.user_ns
        new = {name: one for name, one in space.items() if before.get(name) is not one}
        made = [name for name, one in new.items() if notebook_names.is_definition(name, one)]
        bare = [name for name, one in new.items() if _bare(name, one)]
        if not made:
            self._decorate(bare, options)
        note = NO_EFFECT if made and options else NOTHING if not made and not bare else ""
        if note:
            print(note)
        self._show(made or bare)

    def _decorate(self, names: list[str], options: dict[str, Any]) -> None:
        from loopcheck.magics.fixtures.scoped_runners import (
            as_fixture,  # late: not every notebook has tests
        )

        if "loop_scope" not in options and "scope" in options:
            options = {**options, "loop_scope": options["scope"]}  # else pytest may refuse it
        for name in names:
            self.shell.user_ns[name] = as_fixture(self.shell.user_ns[name], options)

    def _show(self, names: list[str]) -> None:
        from IPython.display import display

        if names:
            try:
                display(self.fixtures.defined(names))
            except UsageError as error:
                print(error)


NO_EFFECT = (
    f"Options after {HEAD} are for functions without a decorator: the fixtures of this cell say"
    " their own."
)
NOTHING = f"This cell defines no fixture. Begin a function with `async def` below {HEAD}."


def _bare(name: str, thing: object) -> bool:
    """True if *thing* is a public async function of this notebook."""
    if not isinstance(thing, FunctionType) or name.startswith(("_", "test")):
        return False
    if thing.__module__ != "__main__" or thing.__name__ != name:
        return False
    return inspect.iscoroutinefunction(thing) or inspect.isasyncgenfunction(thing)
