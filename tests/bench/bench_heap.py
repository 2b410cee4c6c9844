"""What `%loopcheck --deep` pays for its scan: instances of a class on heaps of growing size.

python tests/bench/bench_heap.py
"""

import gc
from collections.abc import Callable
from statistics import median

from measured import QUICK, Curves, Part, best, table, tell

from loopcheck.process import heap

SIZES = (50_000, 100_000) if QUICK else (50_000, 200_000, 500_000, 1_000_000, 2_000_000)
ROUNDS = 5


class Pool:
    """What is looked for."""


def seen(number: int) -> tuple[float, float, int]:
    """Return ms of a scan, ms of a full collection, and how many objects there were."""
    pools = [Pool() for _ in range(10)]
    others = [[n] for n in range(number)]
    gc.collect()
    assert len(heap.instances([Pool])) == len(pools)
    calls: dict[str, Callable[[], object]]
    calls = {"collect": gc.collect, "scan": lambda: heap.instances([Pool])}
    took = best(calls, ROUNDS)
    count = len(gc.get_objects())
    assert len(others) == number
    return median(took["scan"]), median(took["collect"]), count


def measure() -> Part:
    found = [seen(number) for number in SIZES]
    head = ["objects on the heap", "scan, ms", "`gc.collect()`, ms", "ratio", "ns for an object"]
    rows = [
        [
            f"{count:,}",
            f"{scan:.1f}",
            f"{whole:.1f}",
            f"{scan / whole:.2f}",
            f"{1e6 * scan / count:.0f}",
        ]
        for scan, whole, count in found
    ]
    curves = Curves(
        stem="bench_heap",
        title="The scan of the heap for instances of a class",
        along="objects",
        up="ms",
        lines={
            "scan": [(float(count), scan) for scan, _, count in found],
            "gc.collect()": [(float(count), whole) for _, whole, count in found],
        },
    )
    note = "Only a look with `--deep` scans the heap, once for all kinds that it looks for."
    return Part(title="The heap", text=f"{table(head, rows)}\n\n{note}", curves=(curves,))


if __name__ == "__main__":
    tell(measure)
