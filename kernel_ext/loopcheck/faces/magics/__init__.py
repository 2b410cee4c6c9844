"""What `%load_ext loopcheck` brings, and how it goes away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopcheck.faces.magics import cells, loopcheck, rescue, thread_mode

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the magics; keep `%%ipytest` in thread mode, so that its tests have loops."""
    loopcheck.register(shell)
    cells.install(shell)
    thread_mode.install(shell)
    rescue.install(shell)


def unload(shell: InteractiveShell) -> None:
    """Take the magics away and give ipytest its settings back."""
    rescue.undo(shell)
    thread_mode.undo(shell)
    cells.undo(shell)
    loopcheck.unregister(shell)
