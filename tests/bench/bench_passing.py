"""What 1,000 passing async tests cost with --loopcheck, and in asyncio's debug mode: ratios.

python tests/bench/bench_passing.py
"""

import importlib.util
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

TESTS, FILES, ROUNDS = 1_000, 10, 7
MOST = 1.05
MARKED = ("-p", "leaks")  # a plugin of the folder's: puts pyleak's mark on all tests
PLUGINS = ("-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-p", "loopcheck.faces.plugin")
PYLEAK = importlib.util.find_spec("pyleak") is not None  # no dependency of ours: if it is there
WAYS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "loopcheck": ("--loopcheck",),
    "asyncio debug mode": ("--asyncio-debug",),
    **({"pyleak, tasks only": ("-p", "pyleak.pytest_plugin", *MARKED)} if PYLEAK else {}),
}


def write(folder: Path) -> None:
    """Write the tests: each awaits nothing and passes."""
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    (folder / "leaks.py").write_text(
        "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items:\n"
        "        item.add_marker(pytest.mark.no_leaks(tasks=True, threads=False, blocking=False))\n"
    )
    body = "".join(f"async def test_{n}():\n    assert True\n" for n in range(TESTS // FILES))
    for number in range(FILES):
        head = "import pytest\npytestmark = pytest.mark.asyncio\n"
        (folder / f"test_file_{number}.py").write_text(head + body)


def seconds(folder: Path, options: tuple[str, ...]) -> float:
    """Return the processor time of one run: it counts what others on the machine do not."""
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = (sys.executable, "-m", "pytest", "-q", *PLUGINS, *options)
    subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        rounds = [
            {way: seconds(folder, given) for way, given in WAYS.items()} for _ in range(ROUNDS)
        ]
    print(f"{TESTS:,} tests, Python {platform.python_version()}, median of {ROUNDS} rounds\n")
    print("| run with | s of processor | ratio |\n| --- | --- | --- |")
    for way in WAYS:
        ratio = median(one[way] / one["nothing"] for one in rounds)
        print(f"| {way} | {median(one[way] for one in rounds):.2f} | {ratio:.2f} |")
    print()
    if not PYLEAK:
        print("pyleak is not installed here: no row for it.")
    spread = max(one["nothing"] for one in rounds) / min(one["nothing"] for one in rounds)
    if spread > 1.2:
        print(f"This machine is too noisy to judge: the same run took {spread:.1f} times as long.")
        return 0
    ratio = median(one["loopcheck"] / one["nothing"] for one in rounds)
    print(f"at most {MOST} times: {'yes' if ratio <= MOST else 'no'}")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
