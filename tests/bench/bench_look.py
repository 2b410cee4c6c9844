"""What a look at 100,000 pending tasks costs, against asyncio.all_tasks() in the same process.

python tests/bench/bench_look.py
"""

import asyncio
import gc
import platform
import time
import tracemalloc
from collections.abc import Awaitable, Callable

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import loops, tasks
from loopcheck.words import sections, text

TASKS = 100_000
ROUNDS = 7
FACTOR, CONSTANT = 5, 50.0  # at most 5 times all_tasks, and 50 ms
KEPT = 1024  # KiB
LINES = 25


async def worker(gate: asyncio.Event) -> None:
    await gate.wait()


def look() -> str:
    labels = Labels("/")
    return text.section(sections.tasks(*tasks.read_tasks(loops.seen(labels), labels)))


def took(*calls: Callable[[], object]) -> list[float]:
    """Return the best of some rounds of each call in ms; the calls take turns."""
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for at, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            best[at] = min(best[at], 1000 * (time.perf_counter() - begun))
    return best


def kept(call: Callable[[], object]) -> float:
    """Return the KiB that stay after *call*."""
    gc.collect()
    tracemalloc.start()
    call()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / 1024


async def alike(gate: asyncio.Event) -> None:
    await worker(gate)


async def mixed(gate: asyncio.Event, depth: int = 3) -> None:
    await (mixed(gate, depth - 1) if depth else gate.wait())


async def measured(name: str, *kinds: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    gate = asyncio.Event()
    made = [asyncio.ensure_future(kinds[n % len(kinds)](gate)) for n in range(TASKS)]
    await asyncio.sleep(0)
    size = kept(look)  # the first look: later ones find its frames
    lines = len(look().splitlines())
    plain, whole = took(asyncio.all_tasks, look)
    bound = FACTOR * plain + CONSTANT
    good = whole <= bound and size <= KEPT and lines <= LINES
    print(
        f"| {name} | {plain:.1f} | {whole:.1f} | {whole / plain:.1f} | {bound:.0f} "
        f"| {size:.0f} | {lines} | {'yes' if good else 'NO'} |"
    )
    gate.set()
    await asyncio.wait(made)


async def main() -> None:
    print(f"{TASKS:,} pending tasks, Python {platform.python_version()}, best of {ROUNDS}\n")
    print("| tasks | all_tasks, ms | look, ms | ratio | bound, ms | kept, KiB | lines | within |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    await measured("all alike", worker)
    await measured("three kinds, one to five awaits deep", worker, alike, mixed)


if __name__ == "__main__":
    asyncio.run(main())
