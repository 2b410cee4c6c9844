"""`%%ipytest` set up for async tests: pytest in a thread, and its runs recorded for `%loopcheck`.

The kernel's own thread already runs a loop, so every pytest-asyncio test fails there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck import abilities

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

KEEP = "--loopcheck-keep"
SAID = "ipytest: tests run in a thread of their own; `%loopcheck why` explains those that fail."
_before: dict[str, Any] = {}
_hook: list[Callable[..., None]] = []
hushed: list[bool] = []  # not empty while other code prints it


def install(shell: InteractiveShell) -> None:
    """Configure ipytest as soon as it is imported, and again if a cell reconfigures it."""
    if not _hook:
        _hook.append(_before_cell)
        shell.events.register("pre_run_cell", _before_cell)
    configure()


def undo(shell: InteractiveShell) -> None:
    """Restore ipytest's configuration."""
    while _hook:
        shell.events.unregister("pre_run_cell", _hook.pop())
    config = _config()
    if config is None or not _before:
        return
    config["addopts"] = tuple(option for option in config["addopts"] if option != KEEP)
    if config["run_in_thread"] is abilities.THREADS:
        config["run_in_thread"] = _before["run_in_thread"]
    _before.clear()


def _before_cell(info: object) -> None:
    configure()


def configure() -> None:
    """Make ipytest, if it is imported, run tests in a thread and record its runs."""
    config = _config()
    if config is None:
        return
    if not _before and not hushed:  # the first time only
        print(SAID)
    if config["run_in_thread"] is not abilities.THREADS:
        _before.setdefault("run_in_thread", config["run_in_thread"])
        config["run_in_thread"] = abilities.THREADS
    if KEEP not in config["addopts"]:
        _before.setdefault("run_in_thread", True)
        config["addopts"] = (*config["addopts"], KEEP)


def _config() -> dict[str, Any] | None:
    module = sys.modules.get("ipytest._config")
    found = getattr(module, "current_config", None)
    return found if isinstance(found, dict) else None
