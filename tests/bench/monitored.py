"""A plugin of pytest's: what aiomonitor's `ps` shows of a test's loop, at its end or in a hang.

aiomonitor has no plugin of its own; this gives it the loop of each test, its hook on.
"""

import asyncio
import os
import threading
import warnings
from collections.abc import Generator, Sequence
from importlib import import_module
from typing import Any

import pytest

WAITS = 2.0  # seconds until a test is taken to hang
OUT = os.dup(2)  # before pytest begins to catch what is written


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: Any) -> Generator[None, object, object]:
    runners = [
        one for one in getattr(item, "funcargs", {}).values() if isinstance(one, asyncio.Runner)
    ]
    if not runners:
        return (yield)
    with _monitor(runners[0].get_loop()) as monitor:
        timer = threading.Timer(WAITS, _show, (monitor,))
        timer.daemon = True
        timer.start()
        try:
            return (yield)
        finally:
            timer.cancel()
            _show(monitor)


def _monitor(loop: asyncio.AbstractEventLoop) -> Any:
    with warnings.catch_warnings():  # its own libraries' are not about the test
        warnings.simplefilter("ignore")
        start_monitor = import_module(
            "aiomonitor"
        ).start_monitor  # late: only where there is a loop to look at

        ports = {"port": 0, "console_port": 0, "webui_port": 0}
        return start_monitor(loop, console_enabled=False, hook_task_factory=True, **ports)


def _show(monitor: Any) -> None:
    """Write its lines as the loop's log would: they are quoted by the same rule."""
    for task in _tasks(monitor):
        words = f"{task.name} {task.state} {task.coro} created at {task.created_location}"
        os.write(OUT, f"\nWARNING  asyncio:aiomonitor ps: {words}\n".encode())


def _tasks(monitor: Any) -> Sequence[Any]:
    try:
        found = monitor.format_running_task_list("", False)
    except IndexError:  # 0.7.1, of a task that the loop's own runner made: without the sites then
        monitor._created_tracebacks.clear()
        found = monitor.format_running_task_list("", False)
    return list(found)
