"""What a look at pending tasks costs, against asyncio.all_tasks() in the same process.

python tests/bench/bench_look.py
"""

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable

from measured import QUICK, Claim, Curves, Part, best, table, tell, unsure

from loopcheck.labels import Labels
from loopcheck.process.loops import loop_records
from loopcheck.process.waiting import task_groups
from loopcheck.report import sections, text

SIZES = (10, 1_000, 10_000) if QUICK else (10, 1_000, 100_000)
ROUNDS = 7
FACTOR, CONSTANT = 5, 50.0  # at most 5 times all_tasks, and 50 ms
KEPT = 1024  # KiB
LINES = 25
NOTE = f"Processor time, the best of {ROUNDS} rounds."
KINDS = "three kinds, one to five awaits deep"


async def worker(gate: asyncio.Event) -> None:
    await gate.wait()


async def alike(gate: asyncio.Event) -> None:
    await worker(gate)


async def mixed(gate: asyncio.Event, depth: int = 3) -> None:
    await (mixed(gate, depth - 1) if depth else gate.wait())


Kind = Callable[[asyncio.Event], Awaitable[None]]
ALL: dict[str, tuple[Kind, ...]] = {"all alike": (worker,), KINDS: (worker, alike, mixed)}


def look() -> str:
    labels = Labels("/")
    return text.section(sections.tasks(*task_groups.read_tasks(loop_records.seen(labels), labels)))


def kept(call: Callable[[], object]) -> float:
    """Return the KiB that stay after *call*."""
    gc.collect()
    tracemalloc.start()
    call()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / 1024


def bound(plain: float) -> float:
    """Return the ms that a look may take where `all_tasks()` takes *plain*."""
    return FACTOR * plain + CONSTANT


class Seen:
    """What was seen of one number of tasks."""

    def __init__(self, number: int, name: str, took: dict[str, list[float]]) -> None:
        self.number, self.name = number, name
        self.plain, self.whole = (min(times) for times in took.values())
        self.size = kept(look)
        self.lines = len(look().splitlines())
        self.share = self.whole / bound(self.plain)
        rounds = zip(*took.values(), strict=True)
        self.unsure = unsure([whole / bound(plain) for plain, whole in rounds])

    def row(self) -> list[str]:
        times = f"{self.plain:.2f}", f"{self.whole:.2f}", f"{self.whole / self.plain:.1f}"
        most = f"{bound(self.plain):.0f}"
        return [f"{self.number:,}, {self.name}", *times, most, f"{self.size:.0f}", f"{self.lines}"]


async def seen(number: int, name: str) -> Seen:
    gate = asyncio.Event()
    kinds = ALL[name]
    made = [asyncio.ensure_future(kinds[n % len(kinds)](gate)) for n in range(number)]
    await asyncio.sleep(0)
    look()  # later ones find its frames
    found = Seen(number, name, best({"all_tasks": asyncio.all_tasks, "look": look}, ROUNDS))
    gate.set()
    await asyncio.wait(made)
    return found


def claims(most: Seen) -> tuple[Claim, ...]:
    what = f"a look at {most.number:,} tasks"
    return (
        Claim(
            what=f"{what}, {most.name}",
            bound=f"{FACTOR} × `all_tasks()` + {CONSTANT:.0f} ms = {bound(most.plain):.0f} ms",
            seen=f"{most.whole:.0f} ms ({most.whole / most.plain:.1f} ×)",
            share=most.share,
            unsure=most.unsure,
        ),
        Claim(
            what=f"memory kept after {what}",
            bound=f"{KEPT:,} KiB",
            seen=f"{most.size:.0f} KiB",
            share=most.size / KEPT,
            unsure=0.0,
        ),
        Claim(
            what=f"lines of output of {what}",
            bound=f"{LINES}",
            seen=f"{most.lines}",
            share=most.lines / LINES,
            unsure=0.0,
        ),
    )


async def all_of_them() -> list[Seen]:
    return [await seen(number, name) for number in SIZES for name in ALL]


def measure() -> Part:
    found = asyncio.run(all_of_them())
    head = [
        "pending tasks",
        "all_tasks, ms",
        "look, ms",
        "ratio",
        "bound, ms",
        "kept, KiB",
        "lines",
    ]
    lines = {
        "a look": [(float(one.number), one.whole) for one in found if one.name == KINDS],
        "asyncio.all_tasks()": [
            (float(one.number), one.plain) for one in found if one.name == KINDS
        ],
    }
    curves = Curves(
        stem="bench_look",
        title="A look at pending tasks, three kinds of them",
        along="pending tasks",
        up="ms",
        lines=lines,
    )
    worst = max((one for one in found if one.number == SIZES[-1]), key=lambda one: one.share)
    return Part(
        title="The look",
        text=f"{table(head, [one.row() for one in found])}\n\n{NOTE}",
        claims=claims(worst),
        curves=(curves,),
    )


if __name__ == "__main__":
    tell(measure)
