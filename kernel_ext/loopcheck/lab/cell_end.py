"""Late messages stay with the cell that caused them: the collector runs at the end of each cell."""

import contextlib
import gc
import logging
import sys
from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Collect and flush after every cell of *shell*; return what undoes it."""
    shell.events.register("post_run_cell", _tidy)

    def undo() -> None:
        with contextlib.suppress(ValueError):  # a second undo does nothing
            shell.events.unregister("post_run_cell", _tidy)

    return undo


def _tidy(result: object) -> None:
    """Make lost exceptions and never-awaited coroutines report now."""
    gc.collect()
    gc.collect(1)  # what finalisers made: it is young; a full collection costs 45 ms
    for handler in (*logging.getLogger("asyncio").handlers, *logging.getLogger().handlers):
        handler.flush()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # a cell may have closed the stream
            stream.flush()
