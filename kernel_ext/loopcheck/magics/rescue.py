"""`%loopcheck rescue`, and what Stop does without it: hung tests end, and stdout is restored."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from loopcheck.labels import Labels, cells
from loopcheck.report.view import View
from loopcheck.watch import interrupts
from loopcheck.watch.hang import hung_kernels, ways_to_end
from loopcheck.watch.runs import pytest_runs

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NOTHING = "Nothing hangs: no test run is left behind, and the main shell is free."
WAYS: dict[hung_kernels.How, str] = {
    "cancelled": "was cancelled and ended",
    "thrown": "did not end when it was cancelled, so what it awaits raised an error. It ended",
    "raised": "never yielded to the loop, so an error was raised in it. It ended",
    "interrupted": "was interrupted and ended",
    "held": "blocks its thread: nothing can end it before that call returns",
    "goes on": "catches every error and goes on. Only a restart of the kernel ends it",
}
BACK = "print and %%ipytest work again."
STOPS = (KeyboardInterrupt, asyncio.CancelledError, ways_to_end.Stopped)

_undo: list[Callable[[], None]] = []


def rescue(rest: list[str]) -> View:
    """End what hangs: leftover test runs, and from a subshell the main shell's cell."""
    if rest:
        raise UsageError(f"`{rest[0]}` is not known after %loopcheck rescue: leave it out.")
    return View("\n".join(_end(pytest_runs.running())) or NOTHING)


def install(shell: InteractiveShell) -> None:
    """Make Stop end cells that await, and hung `%%ipytest` runs with everything they hold."""
    if _undo:
        return
    _undo.append(interrupts.install())
    if (note := interrupts.note()) is not None:
        print(note)
    for event, hook in (("pre_run_cell", _before_cell), ("post_run_cell", _after_cell)):
        shell.events.register(event, hook)


def undo(shell: InteractiveShell) -> None:
    """Restore Stop."""
    if _undo:
        for event, hook in (("pre_run_cell", _before_cell), ("post_run_cell", _after_cell)):
            shell.events.unregister(event, hook)
        _undo.pop()()


def _before_cell(info: Any) -> None:
    interrupts.before_cell()


def _after_cell(result: Any) -> None:
    """After Stop: a test run that goes on would swallow the output of every later cell."""
    if isinstance(getattr(result, "error_in_exec", None), STOPS) and (
        left := pytest_runs.abandoned()
    ):
        print(*_end(left, cell=False), sep="\n")


def _end(left: list[pytest_runs.TestRun], *, cell: bool = True) -> list[str]:
    labels = Labels(os.getcwd(), cells())
    ended = [hung_kernels.end_test_run(run, labels) for run in left]
    said = [_said(one) for one in ended]
    if ended:
        said.append(BACK)
    patience = hung_kernels.PATIENCE if left else 0.0
    if cell and (main := hung_kernels.end_main_cell(labels, patience)) is not None:
        said.append(_said(main))
    return said


def _said(ended: hung_kernels.Ended) -> str:
    where = f" (at {ended.place})" if ended.place else ""
    what = ended.what[0].upper() + ended.what[1:] if " " in ended.what else f"`{ended.what}`"
    return f"{what}{where} {WAYS[ended.how]}."
