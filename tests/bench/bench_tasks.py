"""What it costs to note who creates each task: all ways take turns in one process.

    python tests/bench/bench_tasks.py

aiomonitor and pyleak are measured where they are installed.
"""

import asyncio
import gc
import importlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from statistics import median

from measured import QUICK, Claim, Part, table, tell, unsure

from loopcheck.watch import loops, tasks

TASKS = 2_000 if QUICK else 20_000
LOOPS = 50 if QUICK else 300
ROUNDS = 5 if QUICK else 9
BOUND = 1.8
NOTHING, OURS, LEDGER = "nothing", "loopcheck", "nothing, but loopcheck's ledger of loops"
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
async def ledger() -> AsyncIterator[None]:
    undo = loops.install()
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


def ways() -> tuple[dict[str, Way], list[str]]:
    """Return the ways to note who creates a task, and the names of those that are missing here."""
    found: dict[str, Way] = {
        NOTHING: plain,
        LEDGER: ledger,
        OURS: ours,
        "asyncio's debug mode": debug,
    }
    missing = []
    for name, make in (("aiomonitor's hook", aiomonitor), ("pyleak with creation", pyleak)):
        try:
            found[name] = make()
        except ImportError:
            missing.append(name)
    return found, missing


Pair = tuple[tuple[float, float], tuple[float, float]]


async def paired(way: Way) -> Pair:
    """Return the figures without and with *way*, one right after the other."""
    await created()  # what ran before has left memory to clear up
    without = await created()
    async with way():
        return without, await created()


def ratio(pairs: list[Pair], at: int) -> float:
    return median(ratios(pairs, at))


def ratios(pairs: list[Pair], at: int) -> list[float]:
    return [with_it[at] / without[at] for without, with_it in pairs]


async def all_pairs(found: dict[str, Way]) -> dict[str, list[Pair]]:
    """Return the pairs of each way; the ways take turns."""
    pairs: dict[str, list[Pair]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, way in found.items():
            pairs[name].append(await paired(way))
    return pairs


def row(name: str, pairs: list[Pair]) -> list[str]:
    first, whole = (median(with_it[at] for _, with_it in pairs) for at in (0, 1))
    return [
        name,
        f"{first:.2f}",
        f"{ratio(pairs, 0):.2f}",
        f"{whole:.2f}",
        f"{ratio(pairs, 1):.2f}",
    ]


def made() -> float:
    """Return µs to make a loop and to close it."""
    begun = time.thread_time()
    for _ in range(LOOPS):
        asyncio.new_event_loop().close()
    return 1e6 * (time.thread_time() - begun) / LOOPS


def noted() -> float:
    undo = loops.install()
    try:
        return made()
    finally:
        undo()


def told() -> str:
    """Return what the ledger costs where it writes: as loops are made and closed."""
    pairs = [(made(), noted()) for _ in range(ROUNDS)]
    seen = median(with_it / without for without, with_it in pairs)
    plain = median(without for without, _ in pairs)
    return f" To make a loop and close it takes {plain:.0f} µs, {seen:.2f} × that with the ledger."


def measure() -> Part:
    found, missing = ways()
    pairs = asyncio.run(all_pairs(found))
    head = ["where it is created is noted by", "µs to create", "ratio"]
    head += ["µs to create, run and end", "ratio"]
    worse = max((ratios(pairs[OURS], at) for at in (0, 1)), key=median)
    seen = median(worse)
    claim = Claim(
        what="creating a task, with where it was created",
        bound=f"{BOUND} ×",
        seen=f"{seen:.2f} ×",
        share=seen / BOUND,
        unsure=unsure(worse),
    )
    note = f"{TASKS:,} tasks from eight calls deep, median of {ROUNDS} pairs in one process."
    absent = f" Not installed here: {', '.join(missing)}." if missing else ""
    shown = table(head, [row(name, each) for name, each in pairs.items()])
    return Part(title="Creating tasks", text=f"{shown}\n\n{note}{told()}{absent}", claims=(claim,))


if __name__ == "__main__":
    tell(measure)
