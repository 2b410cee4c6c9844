"""What failures cost with --loopcheck: memory of a long run, and the time to explain one.

python tests/bench/bench_failing.py
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

FILES, EACH = 100, 100  # tests: of each file's hundred, the last one fails
MOST_MEMORY, MOST_TIME = 20.0, 50.0  # MiB more than plain; milliseconds, median
PLUGINS = ("-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-p", "loopcheck.faces.plugin")
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
    run = config.pluginmanager.get_plugin("loopcheck-run")
    if run is None:
        return
    explain = run.explain
    def timed(*args):
        before = time.process_time()
        try:
            explain(*args)
        finally:
            times.append(time.process_time() - before)
    run.explain = timed

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


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        plain, _ = measured(folder)
        looked, times = measured(folder, "--loopcheck", f"--loopcheck-json={folder}/report.json")
    tests = FILES * EACH
    print(f"{tests:,} tests, 1 % failing, Python {platform.python_version()}\n")
    print("| measured | figure | at most |\n| --- | --- | --- |")
    more, middle = looked - plain, median(times)
    print(
        f"| memory, more than the {plain:.0f} MiB of plain | {more:.1f} MiB | {MOST_MEMORY:.0f} |"
    )
    print(
        f"| explanation of a failure, median of {len(times)} | {middle:.1f} ms | {MOST_TIME:.0f} |"
    )
    print(f"| the slowest of them | {max(times):.1f} ms | |")
    return int(more > MOST_MEMORY or middle > MOST_TIME)


if __name__ == "__main__":
    sys.exit(main())
