"""What failures cost with --loopcheck: memory of a long run, and the time to explain one.

python tests/bench/bench_failing.py
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from measured import QUICK, Claim, Part, table, tell, unsure

FILES, EACH = (10, 100) if QUICK else (100, 100)  # tests: of each file's hundred, the last fails
MOST_MEMORY, MOST_TIME = 20.0, 50.0  # MiB more than plain; milliseconds, median
PLUGINS = ("-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin")
HEAD = """
import asyncio
import pytest

pytestmark = pytest.mark.asyncio
ready = asyncio.Event()

async def wait():
    ready.clear()
    asyncio.get_running_loop().call_soon(ready.set)
    return await ready.wait()

async def test_first():
    assert await wait()
"""
LAST = """
async def test_last():
    assert await wait()
"""
# Measures from within: the highest resident size, and each explanation of a failure.
CONFTEST = """
import json, os, resource, time

times = []

def pytest_configure(config):
    if config.pluginmanager.get_plugin("loopcheck-run") is None:
        return
    from loopcheck.plugin import listening
    explain = listening.explain
    def timed(*args):
        before = time.process_time()
        try:
            explain(*args)
        finally:
            times.append(time.process_time() - before)
    listening.explain = timed

def pytest_unconfigure():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open(os.environ["MEASURED"], "w") as file:
        json.dump({"peak": peak, "times": times}, file)
"""


def write(folder: Path) -> None:
    """Write the tests: a hundred files, each with one object that is used on two loops."""
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    (folder / "conftest.py").write_text(CONFTEST)
    body = "".join(f"async def test_{n}():\n    assert True\n" for n in range(EACH - 2))
    for number in range(FILES):
        (folder / f"test_file_{number}.py").write_text(HEAD + body + LAST)


def measured(folder: Path, *options: str) -> tuple[float, list[float]]:
    """Return the peak in MiB of one run, and the milliseconds of each explanation."""
    out = folder / "measured.json"
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "MEASURED": str(out)}
    command = (sys.executable, "-m", "pytest", "-q", "--tb=short", *PLUGINS, *options)
    subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, check=False)
    known = json.loads(out.read_text())
    return known["peak"], [1_000 * one for one in known["times"]]


def measure() -> Part:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        plain, _ = measured(folder)
        looked, times = measured(folder, "--loopcheck", f"--loopcheck-json={folder}/report.json")
    more, middle = looked - plain, median(times)
    rows = [
        [f"memory, more than the {plain:.0f} MiB of plain", f"{more:.1f} MiB"],
        [f"explanation of a failure, median of {len(times)}", f"{middle:.1f} ms"],
        ["the slowest of them", f"{max(times):.1f} ms"],
    ]
    note = f"{FILES * EACH:,} tests, 1 % of them fail: one object on two loops, in each file."
    return Part(
        title="Explaining failures",
        text=f"{table(['measured', 'figure'], rows)}\n\n{note} Processor time.",
        claims=(
            Claim(
                what="explaining a failure, median",
                bound=f"{MOST_TIME:.0f} ms",
                seen=f"{middle:.1f} ms",
                share=middle / MOST_TIME,
                unsure=unsure(times),
            ),
            Claim(
                what=f"memory of {FILES * EACH:,} tests, 1 % failing, more than plain",
                bound=f"{MOST_MEMORY:.0f} MiB",
                seen=f"{more:.1f} MiB",
                share=more / MOST_MEMORY,
                unsure=0.0,
            ),
        ),
    )


if __name__ == "__main__":
    tell(measure)
