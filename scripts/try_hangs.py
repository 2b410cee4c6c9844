"""Runs small projects that hang, under `--loopcheck-hang`: how each ends, and when.

python scripts/try_hangs.py [NAME…]     all of scripts/hangs.toml, two at once
python scripts/try_hangs.py --busy …    beside two processes that compute

Each project runs in a process of its own, bounded. What is wrong with it, and at which line, was
written down before. Measurements go into hangs.json, project by project, and docs/hangs.md is
written from them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from page_ages import measured_now

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = ROOT / "scripts" / "hangs.toml"
MEASURED = ROOT / "scripts" / "hangs.json"
PAGE = ROOT / "docs" / "hangs.md"
LIMIT = 3.0
LONGEST = 20 * LIMIT  # seconds after which a process is ended from outside
MARK = "# HANGS"
WAYS = {"idle": "as the machine was", "busy": "beside two busy processes"}
EXIT = "exit"  # the code of a process that does not end after its tests
AT_ONCE = 2
# Both clocks are taken before any test can patch them.
CLOCK = """
import os, time
_now, _write = time.monotonic, os.write
_file = os.open("times", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

def _note(what):
    _write(_file, f"{what} {_now()}\\n".encode())

def pytest_runtest_setup(item):
    _note("began")

def pytest_runtest_logreport(report):
    if report.failed:
        _note("ended")

def pytest_unconfigure():
    _note("over")
"""
HEAD = """# Hangs

`make try-hangs` runs these small projects with `--loopcheck-hang={limit:g}`, each in a process of
its own, once as the machine is and once beside two processes that compute. The cause and the
line to change were written down before the first run.

A test that makes no progress is ended within twice the limit. One that still turns, or computes,
is ended within five times the limit.

- *within*: the promise, in seconds
- *ended*: seconds from the test's start to its report. For a process that stays after its tests:
  from the end of the run to the end of the process
- *beside two*: the same, beside two busy processes
- *named*: the code and the line of the first finding. *{exit}* is the report of a process that
  stays after its tests

It does not end a call into C that keeps the interpreter and handles no signals, like
`sum(iter(int, 1))`. It then says so on stderr, with the frames of all threads. Outside of a loop,
it also leaves alone a `for`, and a `while` whose variables change: that may be progress.

| hang | cause | within | ended | beside two | named | right |
| --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Ended:
    """How one run of a project ended."""

    seconds: float | None  # None: it was ended from outside
    code: str | None
    line: int | None
    load: float  # of the machine, at the start
    processors: int
    date: str
    python: str


def main() -> int:
    projects = read_projects()
    said = arguments()
    if unknown := set(said.names) - projects.keys():
        print(f"No hang {', '.join(sorted(unknown))}: there are {', '.join(projects)}.")
        return 2
    way = "busy" if said.busy else "idle"
    with busy(2 if said.busy else 0), ThreadPoolExecutor(AT_ONCE) as pool:
        chosen = {name: projects[name] for name in said.names or projects}
        runs = pool.map(lambda project: run(project, verbose=said.verbose), chosen.values())
        for name, seen in zip(chosen, runs, strict=True):
            measured = saved()
            save(measured | {name: measured.get(name, {}) | {way: asdict(seen)}})
            print(name, way, asdict(seen), "" if right(projects[name], seen) else "NO", flush=True)
    PAGE.write_text(page(projects, saved()), "utf-8")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="hangs of hangs.toml; else all")
    parser.add_argument("--busy", action="store_true", help="beside two processes that compute")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what pytest prints")
    return parser.parse_args()


def read_projects() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PROJECTS.read_text("utf-8"))


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Let *count* processes compute meanwhile."""
    spin = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(spin) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def save(measured: dict[str, Any]) -> None:
    MEASURED.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n", "utf-8")


def saved() -> dict[str, dict[str, Any]]:
    """Return the last measurements of each project."""
    return json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}


# Runs


def run(project: dict[str, Any], *, verbose: bool) -> Ended:
    """Return how the project ended, in a folder that is gone afterwards."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="hang-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        (root / "conftest.py").write_text(CLOCK, "utf-8")
        (root / "test_it.py").write_text(project["text"].lstrip("\n"), "utf-8")
        (root / "pytest.ini").write_text("[pytest]\nasyncio_mode = strict\n", "utf-8")
        options = [f"--loopcheck-hang={LIMIT:g}", "--loopcheck-json=report.json", "-q"]
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
        variables = {name: told for name, told in os.environ.items() if not name.startswith("PY")}
        with (root / "said").open("w", encoding="utf-8") as out:
            one = subprocess.Popen(
                command, cwd=root, env=variables, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
            try:
                one.wait(LONGEST)
                over = time.monotonic()
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
                over = None
        said = (root / "said").read_text("utf-8", "replace")
        if verbose:
            print(said, flush=True)
        times = read_times(root / "times")
        report = root / "report.json"
        found = json.loads(report.read_text("utf-8"))["findings"] if report.exists() else []
    return Ended(
        seconds=time_taken(project, times, over),
        **named(project, found, said),
        load=round(load, 1),
        processors=os.cpu_count() or 1,
        date=measured_now(),
        python="{}.{}.{}".format(*sys.version_info),
    )


def read_times(file: Path) -> dict[str, float]:
    """Return when each step was reached first."""
    found: dict[str, float] = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        what, _, when = line.partition(" ")
        found.setdefault(what, float(when))
    return found


def time_taken(
    project: dict[str, Any], times: dict[str, float], over: float | None
) -> float | None:
    began = times.get("over" if EXIT in project["codes"] else "began")
    ended = over if EXIT in project["codes"] else times.get("ended")
    return round(ended - began, 1) if began is not None and ended is not None else None


def named(project: dict[str, Any], found: list[dict[str, Any]], said: str) -> dict[str, Any]:
    """Return the code and the line of the first finding, else those of the report at the end."""
    if found:
        return {"code": found[0]["code"], "line": found[0].get("where", {}).get("line")}
    _, stays, rest = said.partition("still runs.")
    place = re.search(r"test_it\.py:(\d+)", rest)
    line = int(place[1]) if place else None
    return {"code": EXIT if stays else None, "line": line}


# The page


def marked(project: dict[str, Any]) -> list[int]:
    """Return the lines to change, as they were written down."""
    lines = project["text"].lstrip("\n").splitlines()
    return [number for number, line in enumerate(lines, 1) if line.endswith(MARK)]


def right(project: dict[str, Any], one: Ended) -> bool:
    return one.code in project["codes"] and one.line in marked(project)


def in_time(project: dict[str, Any], one: Ended) -> bool:
    return one.seconds is not None and one.seconds <= project["within"] * LIMIT


def page(projects: dict[str, dict[str, Any]], measured: dict[str, dict[str, Any]]) -> str:
    """Return the whole page, from the last measurements of each project."""
    there = {
        name: {way: Ended(**one) for way, one in measured[name].items()}
        for name in projects
        if name in measured
    }
    rows = [row(name, projects[name], ways) for name, ways in there.items()]
    sums = [summed_up(projects, there, *each) for each in WAYS.items()]
    head = HEAD.format(limit=LIMIT, exit=EXIT)
    return head + "".join(rows) + "".join(f"\n{one}\n" for one in sums if one)


def summed_up(
    projects: dict[str, dict[str, Any]], there: dict[str, dict[str, Ended]], way: str, words: str
) -> str:
    """Return how many ended in time and were named, and on what machine."""
    runs = [(projects[name], ways[way]) for name, ways in there.items() if way in ways]
    if not runs:
        return ""
    loads = [one.load for _, one in runs]
    first = runs[0][1]
    return (
        f"Measured {words} on {first.date}, Python {first.python}, {first.processors} processors,"
        f" {AT_ONCE} hangs at once, load {min(loads):.1f} to {max(loads):.1f}:"
        f" {sum(in_time(*each) for each in runs)} of {len(runs)} ended in time, and"
        f" {sum(right(*each) for each in runs)} were named with a right code and line."
    )


def row(name: str, project: dict[str, Any], ways: dict[str, Ended]) -> str:
    cells = [
        name.replace("_", " "),
        project["cause"],
        f"{project['within'] * LIMIT:g} s",
        *(told_time(project, ways.get(way)) for way in WAYS),
        " / ".join(
            dict.fromkeys(
                f"{one.code or 'nothing'} {one.line or ''}".strip() for one in ways.values()
            )
        ),
        " / ".join(dict.fromkeys("yes" if right(project, one) else "no" for one in ways.values())),
    ]
    return f"| {' | '.join(cells)} |\n"


def told_time(project: dict[str, Any], one: Ended | None) -> str:
    if one is None:
        return ""
    if one.seconds is None:
        return f"**not in {LONGEST:g} s**"
    return f"{one.seconds:.1f} s" if in_time(project, one) else f"**{one.seconds:.1f} s**"


if __name__ == "__main__":
    sys.exit(main())
