"""What it costs to note who creates each task: all ways take turns in one process.

    python tests/bench/bench_tasks.py

aiomonitor and pyleak are measured where they are installed.
"""

import asyncio
import gc
import importlib
import platform
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from statistics import median

from loopcheck.facts.watch import tasks

TASKS = 20_000
ROUNDS = 9
BOUND = 1.8
OURS = "loopcheck"
Way = Callable[[], AbstractAsyncContextManager[object]]


async def nothing() -> None:
    pass


async def created() -> tuple[float, float]:
    """Return µs a task, from some calls deep as in a program: to create it, and until its end."""

    def deep(levels: int) -> list[asyncio.Task[None]]:
        if levels:
            return deep(levels - 1)
        return [asyncio.create_task(nothing()) for _ in range(TASKS)]

    gc.collect()
    gc.disable()
    try:
        begun = time.thread_time()
        made = deep(8)
        there = time.thread_time()
        await made[-1]
        made.clear()
        ended = time.thread_time()
    finally:
        gc.enable()
    return 1e6 * (there - begun) / TASKS, 1e6 * (ended - begun) / TASKS


@asynccontextmanager
async def plain() -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def ours() -> AsyncIterator[None]:
    undo = tasks.install(asyncio.get_running_loop())
    yield
    undo()


@asynccontextmanager
async def debug() -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 3600
    yield
    loop.set_debug(False)


def aiomonitor() -> Way:
    start_monitor = importlib.import_module("aiomonitor").start_monitor

    @asynccontextmanager
    async def hooked() -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        ports = {"port": 0, "console_port": 0, "webui_port": 0}
        with start_monitor(loop, console_enabled=False, hook_task_factory=True, **ports):
            yield

    return hooked


def pyleak() -> Way:
    no_leaks = importlib.import_module("pyleak").no_task_leaks
    return lambda: no_leaks(action="log", enable_creation_tracking=True)


def ways() -> dict[str, Way]:
    found: dict[str, Way] = {
        "nothing": plain,
        OURS: ours,
        "asyncio debug mode": debug,
    }
    for name, make in (("aiomonitor's hook", aiomonitor), ("pyleak with creation", pyleak)):
        try:
            found[name] = make()
        except ImportError:
            print(f"{name}: not installed here")
    return found


Pair = tuple[tuple[float, float], tuple[float, float]]


async def paired(way: Way) -> Pair:
    """Return the figures without and with *way*, one right after the other."""
    await created()  # what ran before has left memory to clear up
    without = await created()
    async with way():
        return without, await created()


def ratio(pairs: list[Pair], at: int) -> float:
    return median(with_it[at] / without[at] for without, with_it in pairs)


async def main() -> None:
    found = ways()
    print(f"{TASKS:,} tasks, Python {platform.python_version()}, median of {ROUNDS} pairs\n")
    print("| creation sites by | µs to create | ratio | µs to create, run and end | ratio |")
    print("| --- | --- | --- | --- | --- |")
    good = True
    for name, way in found.items():
        pairs = [await paired(way) for _ in range(ROUNDS)]
        first, whole = (median(with_it[at] for _, with_it in pairs) for at in (0, 1))
        ratios = ratio(pairs, 0), ratio(pairs, 1)
        good &= name != OURS or max(ratios) <= BOUND
        print(f"| {name} | {first:.2f} | {ratios[0]:.2f} | {whole:.2f} | {ratios[1]:.2f} |")
    print(f"\nat most {BOUND} times: {'yes' if good else 'NO'}")


if __name__ == "__main__":
    asyncio.run(main())
