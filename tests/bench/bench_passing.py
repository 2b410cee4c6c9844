"""What passing async tests cost with --loopcheck, and with what others offer: ratios.

python tests/bench/bench_passing.py
"""

import importlib.util
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median

from measured import QUICK, Claim, Curves, Part, in_turns, ratio, ratios, table, tell, unsure

SIZES = {100: 3, 1_000: 3} if QUICK else {100: 9, 1_000: 9, 10_000: 3}  # tests: rounds
FILES = 10
JUDGED = 1_000
PAIRS = 3 if QUICK else 61  # of what is judged: its bound is near
MOST = 1.05
ALONE, OURS = "pytest-asyncio alone", "loopcheck"
PLUGIN = ("-p", "loopcheck.faces.plugin")
# pytest reads about all that is installed once for each `-p`; what is found by itself costs that
# once for all. So each way has one, if of nothing.
NOTHING = ("-p", "nothing")
COUNTED = 1 if QUICK else 3  # runs of each that valgrind counts: they hardly differ
VALGRIND = shutil.which("valgrind")
REFERENCES = re.compile(r"I +refs: +([\d,]+)")
PYLEAK = importlib.util.find_spec("pyleak") is not None
Measure = Callable[[Path, tuple[str, ...]], float]
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


def run(folder: Path, options: tuple[str, ...], under: tuple[str, ...] = ()) -> None:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env = kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder.parent)}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    subprocess.run(
        (*under, *command, "-p", "pytest_asyncio.plugin", *options),
        cwd=folder,
        env=env | {"PYTHONHASHSEED": "0"},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def seconds(folder: Path, options: tuple[str, ...]) -> float:
    """Return the processor time of one run: it counts what others on the machine do not."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(valgrind: str, folder: Path, options: tuple[str, ...]) -> float:
    """Return how many one run takes, and what looks by the clock add while it is slowed down."""
    log = folder.parent / "counted.log"
    counts = ("--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    run(folder, options, (valgrind, *counts, f"--log-file={log}"))
    found = REFERENCES.search(log.read_text())
    assert found is not None, log.read_text()
    return float(found[1].replace(",", ""))


def measured(
    tests: int, rounds: int, names: Iterable[str] = WAYS, by: Measure = seconds
) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        write(folder, tests)
        ways: dict[str, Callable[[], float]] = {
            way: partial(by, folder, WAYS[way]) for way in names
        }
        for way in names:
            run(folder, WAYS[way])  # what is compiled and rewritten is kept for the next
        return in_turns(ways, rounds, ALONE)


def promised(what: str, pairs: list[float]) -> Claim:
    seen = median(pairs)
    return Claim(
        what=what,
        bound=f"{MOST} ×",
        seen=f"{seen:.3f} ×",
        share=seen / MOST,
        unsure=unsure(pairs),
    )


def measure() -> Part:
    found = {tests: measured(tests, rounds) for tests, rounds in SIZES.items()}
    head = [
        "run with",
        *(f"{tests:,} tests, s" if at else "ratio" for tests in SIZES for at in (1, 0)),
    ]
    rows = [[way, *(cell for one in found.values() for cell in cells(one, way))] for way in WAYS]
    pairs = ratios(measured(JUDGED, PAIRS, (ALONE, OURS)), OURS, ALONE)
    claims = [promised(f"{JUDGED:,} passing tests with `--loopcheck`", pairs)]
    lines = {way: [(float(n), median(one[way])) for n, one in found.items()] for way in WAYS}
    note = (
        "Processor time of whole runs, children too. aiomonitor has no plugin for pytest. The"
        f" promise of {JUDGED:,} tests is judged by {PAIRS} pairs of its own."
    )
    if VALGRIND is None:
        note += " What they take in instructions was not counted: there is no valgrind here."
    else:
        counts = measured(JUDGED, COUNTED, (ALONE, OURS), partial(instructions, VALGRIND))
        claims.append(promised("the same, in instructions", ratios(counts, OURS, ALONE)))
        note += (
            " Instructions are those that valgrind counts. It is some fifty times slower, and the"
            " watch for blocked steps goes by the clock: it looks in each test there, and in hardly"
            " any otherwise, so this is more than what a run takes, and still more on a busy"
            " machine."
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


def cells(found: dict[str, list[float]], way: str) -> tuple[str, str]:
    return f"{median(found[way]):.2f}", f"{ratio(found, way, ALONE):.2f}"


if __name__ == "__main__":
    tell(measure)
