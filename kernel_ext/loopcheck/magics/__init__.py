"""What `%load_ext loopcheck` registers, and how it is unloaded."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from loopcheck.magics import (
    awaited,
    cell_context,
    cells,
    completion,
    failing_cell,
    fixture_cells,
    ipytest_magic,
    left_behind,
    rescue,
    thread_mode,
)
from loopcheck.magics.asyncfixture import HELP as FIXTURE_HELP
from loopcheck.magics.asyncfixture import Asyncfixture
from loopcheck.magics.live import live_magic
from loopcheck.magics.loopcheck import HELP, PARTS, Loopcheck
from loopcheck.report.view import View
from loopcheck.watch import loops as ledger

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_loaded: WeakKeyDictionary[InteractiveShell, ExitStack] = WeakKeyDictionary()


def load(shell: InteractiveShell) -> None:
    """Register the magics and the hooks that they need, each with its undo."""
    if shell in _loaded:
        return
    undo = ExitStack()
    undo.callback(ledger.install())  # first in, last out: other hooks wrap it
    settings = Loopcheck(shell)
    undo.callback(_magic(shell, settings))
    undo.callback(_configurable(shell, settings))
    undo.callback(settings.close)
    undo.callback(live_magic.install(shell))
    undo.callback(completion.install(shell, PARTS))
    cells.install(shell)
    undo.callback(cells.undo, shell)
    thread_mode.install(shell)
    undo.callback(thread_mode.undo, shell)
    undo.callback(ipytest_magic.install(shell))  # before the thread mode is undone
    rescue.install(shell)
    undo.callback(rescue.undo, shell)
    undo.callback(failing_cell.install(shell))
    undo.callback(left_behind.install(shell))
    undo.callback(_asyncfixture(shell))
    _loaded[shell] = undo


def unload(shell: InteractiveShell) -> None:
    """Undo every step, last first."""
    if undo := _loaded.pop(shell, None):
        undo.close()


def _magic(shell: InteractiveShell, settings: Loopcheck) -> Callable[[], None]:
    def loopcheck(line: str) -> View | None:
        return settings.ask(line)

    loopcheck.__doc__ = HELP
    shell.magics_manager.register_function(loopcheck, "line", "loopcheck")
    return lambda: shell.magics_manager.magics["line"].pop("loopcheck", None)


def _asyncfixture(shell: InteractiveShell) -> Callable[[], None]:
    """Register `%asyncfixture`; unloading it tears down its fixtures."""
    fixtures = Asyncfixture(shell)

    def asyncfixture(line: str) -> View:
        return fixtures.ask(line)

    asyncfixture.__doc__ = FIXTURE_HELP
    shell.magics_manager.register_function(asyncfixture, "line", "asyncfixture")
    not_awaited = awaited.install(shell)
    no_cells = fixture_cells.install(shell, fixtures)
    no_context = cell_context.install(shell, fixtures.lives.variables)
    no_tab = completion.install_fixtures(shell, fixtures.names)
    atexit.register(fixtures.lives.close)

    def undo() -> None:
        atexit.unregister(fixtures.lives.close)
        not_awaited()
        no_cells()
        no_context()
        no_tab()
        shell.magics_manager.magics["line"].pop("asyncfixture", None)
        fixtures.lives.close()

    return undo


def _configurable(shell: InteractiveShell, settings: Loopcheck) -> Callable[[], None]:
    """Make the settings available to `%config Loopcheck`."""
    known: list[Any] = shell.configurables
    known.append(settings)
    return lambda: known.remove(settings)
