"""What passing async tests cost with --loopcheck, and with what others offer: ratios.

python tests/bench/bench_passing.py
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from measured import (
    QUICK,
    Claim,
    Curves,
    Part,
    in_turns,
    ratio,
    ratios,
    side_by_side,
    table,
    tell,
    unsure,
    used,
)

# Tests: rounds. A pair of the longest runs tells as much as ten that are a tenth of it.
SIZES = {100: 3, 1_000: 3} if QUICK else {100: 9, 1_000: 9, 10_000: 1}
FILES = 10
JUDGED = 1_000
PAIRS = 3 if QUICK else 61  # of what is judged: its bound is near
AT_ONCE = hasattr(os, "sched_setaffinity")
HOW = (
    ", the two of each at once on one processor: what slows the machine slows both, and watches"
    " that go by the clock look twice as often"
    if AT_ONCE
    else ", one after the other"
)
MOST = 1.05
ALONE, OURS = "pytest-asyncio alone", "loopcheck"
PLUGIN = ("-p", "loopcheck.plugin")
# pytest reads about all that is installed once for each `-p`; what is found by itself costs that
# once for all. So each way has one, if of nothing.
NOTHING = ("-p", "nothing")
COUNTED = 1 if QUICK else 2  # runs of each that valgrind counts: they hardly differ
VALGRIND = shutil.which("valgrind")
REFERENCES = re.compile(r"I +refs: +([\d,]+)")
PYLEAK = importlib.util.find_spec("pyleak") is not None
Found = dict[str, list[float]]
WAYS: dict[str, tuple[str, ...]] = {
    ALONE: NOTHING,
    "loopcheck installed, not asked": PLUGIN,
    OURS: (*PLUGIN, "--loopcheck"),
    "asyncio's debug mode": (*NOTHING, "--asyncio-debug"),
    **({"pyleak, tasks only": ("-p", "leaks")} if PYLEAK else {}),
}
# pyleak looks at tests with its mark.
LEAKS = """import pytest
from pyleak.pytest_plugin import *
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.no_leaks(tasks=True, threads=False, blocking=False))
"""


def write(folder: Path, tests: int) -> None:
    """Write the tests: each awaits nothing and passes."""
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    (folder / "conftest.py").write_text('"""As most projects have one."""\n')
    (folder.parent / "leaks.py").write_text(LEAKS)
    (folder.parent / "nothing.py").write_text('"""A plugin without a hook."""\n')
    body = "".join(f"async def test_{n}():\n    assert True\n" for n in range(tests // FILES))
    for number in range(FILES):
        head = "import pytest\npytestmark = pytest.mark.asyncio\n"
        (folder / f"test_file_{number}.py").write_text(head + body)


def start(
    folder: Path, options: tuple[str, ...], under: tuple[str, ...] = ()
) -> subprocess.Popen[bytes]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env = kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder.parent)}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return subprocess.Popen(
        (*under, *command, "-p", "pytest_asyncio.plugin", *options),
        cwd=folder,
        env=env | {"PYTHONHASHSEED": "0"},
        stdout=subprocess.DEVNULL,
    )


def seconds(folder: Path, options: tuple[str, ...], under: tuple[str, ...] = ()) -> float:
    """Return the processor time of one run: it counts what others on the machine do not."""
    return used(start(folder, options, under))


def counted(folder: Path) -> list[float]:
    """Return the ratios of instructions, as valgrind counts them."""
    assert VALGRIND is not None
    ways = {one: partial(instructions, VALGRIND, folder, WAYS[one]) for one in (ALONE, OURS)}
    return ratios(in_turns(ways, COUNTED, ALONE), OURS, ALONE)


def instructions(valgrind: str, folder: Path, options: tuple[str, ...]) -> float:
    """Return how many one run takes, and what looks by the clock add while it is slowed down."""
    log = folder.parent / "counted.log"
    counts = ("--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    seconds(folder, options, (valgrind, *counts, f"--log-file={log}"))
    found = REFERENCES.search(log.read_text())
    assert found is not None, log.read_text()
    return float(found[1].replace(",", ""))


def pairs(folder: Path, way: str, rounds: int) -> Found:
    """Return the seconds of runs without anything and with *way*, the two of a pair at once."""
    names = (ALONE, way)
    if AT_ONCE:
        return side_by_side({one: partial(start, folder, WAYS[one]) for one in names}, rounds)
    return in_turns({one: partial(seconds, folder, WAYS[one]) for one in names}, rounds, ALONE)


def sized(tests: int, rounds: int) -> dict[str, Found]:
    """Return the pairs of each way; what runs alone has those of all."""
    with project(tests, tuple(WAYS)) as folder:
        found = {way: pairs(folder, way, rounds) for way in WAYS if way != ALONE}
    return {ALONE: {ALONE: [one for pair in found.values() for one in pair[ALONE]]}} | found


@contextmanager
def project(tests: int, names: Sequence[str]) -> Iterator[Path]:
    """Give a folder of tests in which each way has run once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        write(folder, tests)
        for way in names:
            seconds(folder, WAYS[way])  # what is compiled and rewritten is kept for the next
        yield folder


def promised(what: str, found: list[float]) -> Claim:
    seen = median(found)
    return Claim(
        what=what,
        bound=f"{MOST} ×",
        seen=f"{seen:.3f} ×",
        share=seen / MOST,
        unsure=unsure(found),
    )


def measure() -> Part:
    found = {tests: sized(tests, rounds) for tests, rounds in SIZES.items()}
    head = [
        "run with",
        *(f"{tests:,} tests, s" if at else "ratio" for tests in SIZES for at in (1, 0)),
    ]
    rows = [
        [way, *(cell for one in found.values() for cell in cells(one[way], way))] for way in WAYS
    ]
    lines = {way: [(float(n), median(one[way][way])) for n, one in found.items()] for way in WAYS}
    with project(JUDGED, (ALONE, OURS)) as folder:
        judged = ratios(pairs(folder, OURS, PAIRS), OURS, ALONE)
        counts = counted(folder) if VALGRIND is not None else []
    claims = [promised(f"{JUDGED:,} passing tests with `--loopcheck`", judged)]
    note = (
        "Processor time of whole runs, children too; ratios are those of pairs"
        f"{HOW}. aiomonitor has no plugin for pytest. The promise of {JUDGED:,} tests is judged by"
        f" {PAIRS} pairs of its own."
    )
    if VALGRIND is None:
        note += " What they take in instructions was not counted: there is no valgrind here."
    else:
        claims.append(promised("the same, in instructions", counts))
        note += (
            " Instructions are those that valgrind counts. A run is some fifty times slower there,"
            " and the watch for blocked steps depends on the clock: it looks in each test, and in"
            " hardly any otherwise. So this is more than what a run takes, and still more on a"
            " busy machine."
        )
    if not PYLEAK:
        note += " pyleak is not installed here."
    return Part(
        title="Passing tests",
        text=f"{table(head, rows)}\n\n{note}",
        claims=tuple(claims),
        curves=(
            Curves(
                stem="bench_passing",
                title="Passing async tests: processor time of a whole run",
                along="tests",
                up="s",
                lines=lines,
            ),
        ),
    )


def cells(found: Found, way: str) -> tuple[str, str]:
    return f"{median(found[way]):.2f}", f"{ratio(found, way, ALONE):.2f}"


if __name__ == "__main__":
    tell(measure)
