"""`%asyncfixture`: shows async fixtures, sets them up in the notebook, and repairs them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from loopcheck.magics.fixtures import notebook_names
from loopcheck.magics.lives import Lives
from loopcheck.magics.near import ASKED
from loopcheck.magics.origins import PARTS, Words, origin_of
from loopcheck.magics.reading import Reading
from loopcheck.report import live_fixtures as words
from loopcheck.report import looking
from loopcheck.report.view import View

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.report.sections import Section

HELP = """Show async fixtures, set them up on the loop of your cells, and repair them.

    %asyncfixture                   the fixtures that involve a loop: decorator as pytest will
                                    treat it, scope, loop, who needs whom, and what is wrong
    %asyncfixture up NAME           set up a fixture and everything it needs, as pytest would:
                                    the next cells can use it by its name
    %asyncfixture up NAME[param]    with that parameter
    %asyncfixture down NAME         tear it down on the same loop; --all: everything that is up
    %asyncfixture fix NAME          how its definition should read, as a diff; nothing is written

    --from PATH/conftest.py         with each of these: a project's fixtures, not this notebook's;
                                    or its NAME, after %pytest NAME has run it
"""
NOT_YET = "Nothing was done: write `%asyncfixture {}` on a line of its own."
NO_PYTEST = "%asyncfixture needs pytest and pytest-asyncio: pip install pytest-asyncio."


@dataclass(frozen=True, slots=True, repr=False)
class Pending(View):
    """What `up` and `down` return: an awaitable that the magic's own line awaits."""

    made: Callable[[], Awaitable[View]] = field(kw_only=True)

    def __await__(self) -> Generator[Any, None, View]:
        return self.made().__await__()


class Asyncfixture:
    """Reads each `%asyncfixture` line, and answers from the definitions or from what is set up."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.lives = Lives(shell)
        self.reading = Reading(self.lives)
        self.begin_cell: Callable[[str], None] = lambda words: None

    def ask(self, line: str) -> View:
        """Answer `%asyncfixture LINE`."""
        if line.split()[:1] == ["cell"]:  # the first line of a %%asyncfixture cell
            self.begin_cell(line.partition("cell")[2])
            return View("")
        if line.strip() in ASKED:
            return View(HELP.rstrip())
        given = Words.read(line)
        if find_spec("pytest") is None or find_spec("pytest_asyncio") is None:
            raise UsageError(NO_PYTEST)
        if given.part == "up":
            return Pending(NOT_YET.format(line), made=partial(self.up, given))
        if given.part == "down":
            return Pending(NOT_YET.format(line), made=partial(self.down, given))
        origin = origin_of(given, self.shell)
        if given.part == "fix":
            if len(given.names) != 1:
                raise UsageError("Which fixture? %asyncfixture fix NAME.")
            return self.reading.fix(given.names[0], origin)
        if given.names:
            raise _misplaced(given.names[0], line)
        return self.reading.table(origin)

    def defined(self, names: list[str]) -> View:
        """Return the report on fixtures that a cell has defined."""
        return self.reading.defined(names, origin_of(None, self.shell))

    async def up(self, given: Words) -> View:
        """Set up each of the names, one after the other."""
        if not all(name.partition("[")[0] for name in given.names or [""]):
            raise UsageError("Which fixture? %asyncfixture up NAME, or NAME[parameter].")
        shown: list[Section] = []
        for at, name in enumerate(given.names):
            try:
                shown.append(await self.lives.up(name, given))
            except UsageError as error:
                before = f" Up before it: {', '.join(given.names[:at])}." if at else ""
                raise UsageError(f"{error}{before}") from None
        return _below(shown)

    async def down(self, given: Words) -> View:
        """Tear down the requested fixtures, or all."""
        up = self.lives.names()
        if not up:
            raise UsageError(words.nothing_up())
        origin = origin_of(given, self.shell) if given.folder is not None else None
        if given.all:
            torn = await self.lives.down_all(origin)
            return (
                _below(torn) if torn else View(words.nothing_up_of(origin.said if origin else ""))
            )
        if not given.names:
            raise UsageError(f"Which fixture? Up: {', '.join(up)}; or --all.")
        return _below([await self.lives.down(name, origin) for name in given.names])

    def names(self, part: str) -> list[str]:
        """Return the names that may follow *part*, for Tab completion: it collects nothing."""
        if part == "down":
            return self.lives.names()
        if part not in ("up", "fix"):
            return []
        own = notebook_names.definitions(self.shell.user_ns)
        return sorted({*own, *self.reading.names})


def _misplaced(name: str, line: str) -> UsageError:
    if name not in PARTS:
        return UsageError(f"`{name}` is not known after %asyncfixture: leave it out.")
    said = " ".join(line.split())
    return UsageError(f"`{name}` comes first: %asyncfixture {name} NAME, and not `{said}`.")


def _below(sections: list[Section]) -> View:
    shown = [looking.one(section) for section in sections]
    return View("\n\n".join(v.text for v in shown), "".join(v.html or "" for v in shown))
