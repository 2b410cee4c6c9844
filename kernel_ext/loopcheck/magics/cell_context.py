"""Context variables that live fixtures have set: each cell sees them, as a test would.

A cell that awaits runs in its own context, so we set them at the start of each cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Variables = dict[ContextVar[Any], Any]


def install(
    shell: InteractiveShell, variables: Callable[[], Iterable[Variables]]
) -> Callable[[], None]:
    """Set *variables* for each cell and restore them afterwards; return the undo."""
    tokens: list[tuple[ContextVar[Any], Token[Any], Any]] = []

    def before(info: object) -> None:
        for values in variables():
            for variable, value in values.items():
                tokens.append((variable, variable.set(value), value))

    def after(result: object) -> None:
        while tokens:
            variable, token, value = tokens.pop()
            if variable.get(None) is value:  # else the cell has set it for itself
                with suppress(ValueError):  # from a cell that awaited: its context is gone
                    variable.reset(token)

    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)

    def undo() -> None:
        shell.events.unregister("pre_run_cell", before)
        shell.events.unregister("post_run_cell", after)

    return undo
