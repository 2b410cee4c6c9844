"""loopcheck records a failing cell like a failing test: `%loopcheck why` explains it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Look at each cell's error while its frames are alive; return the undo."""
    shell.events.register("post_run_cell", _after_cell)

    def undo() -> None:
        if _after_cell in shell.events.callbacks["post_run_cell"]:
            shell.events.unregister("post_run_cell", _after_cell)

    return undo


def _after_cell(result: Any) -> None:
    error = result.error_in_exec
    if error is None or not getattr(result.info, "store_history", True):
        return
    from IPython.core.error import UsageError

    from loopcheck.watch import interrupts

    if isinstance(error, UsageError | KeyboardInterrupt | SystemExit):
        return  # wrong use of a magic, or Stop: nothing to explain
    try:
        if interrupts.ended_by_stop(error):
            _keep_stop(result.execution_count)
        else:
            _keep(error, result.execution_count)
    except Exception as fault:  # loopcheck must never break a cell
        print(f"loopcheck could not look at this error: {type(fault).__name__}; please report it")


def _keep_stop(number: int | None) -> None:
    from loopcheck.case import journal

    source = _source(number)
    journal.add(journal.Run(source=source, unexplained=f"Nothing to explain: Stop ended {source}."))


def _keep(error: BaseException, number: int | None) -> None:
    from loopcheck.case import failure_evidence, journal
    from loopcheck.labels import Labels, cells
    from loopcheck.modes.diagnose import diagnose
    from loopcheck.source.coroutines import unawaited_results

    labels = Labels("", cells())
    evidence = failure_evidence.of_failure(error, labels, loop=_running())
    evidence = replace(evidence, dropped=unawaited_results.read(error, (), None, labels))
    found = diagnose(evidence, labels)
    journal.add(journal.Run(source=_source(number), findings=found, failed=1))


def _source(number: int | None) -> str:
    return f"cell {number}" if number else "a cell"


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
