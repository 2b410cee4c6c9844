"""Which cell a line of code is in: `%%ipytest` runs its cell's text as a separate cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.labels import CELLS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_hook: list[Callable[[Any], None]] = []


def install(shell: InteractiveShell) -> None:
    """Record the visible cell's number for code that a magic runs within it."""
    if _hook:
        return
    number = 0

    def before_cell(info: Any) -> None:
        nonlocal number
        if info.store_history:
            number = shell.execution_count - 1  # it counts on before it calls us
        else:
            name = shell.compile.get_code_name(info.raw_cell, info.raw_cell, number)
            CELLS[name] = number

    _hook.append(before_cell)
    shell.events.register("pre_run_cell", before_cell)


def undo(shell: InteractiveShell) -> None:
    """Stop recording numbers."""
    while _hook:
        shell.events.unregister("pre_run_cell", _hook.pop())
    CELLS.clear()
