"""The samples of the modes: what each declares, what a run of it says, and both as one table.

`python tests/modes/samples.py` runs all of them and prints the confusion matrix.
A sample is a test file, or a folder of files. It is copied to a place of its own, so that no
configuration or conftest of ours reaches it.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from warm import LONGEST, Running, start, stopped

HERE = Path(__file__).parent
MARK = re.compile(r"# (LC\d{3})$")
ADDRESS = re.compile(r"\b0x[0-9a-f]{4,}")  # a folder may be called tmp70xz3eb_
USED = re.compile(r"# used$")
NAME = re.compile(r"^# name: (.+)$", re.MULTILINE)
OPTIONS = re.compile(r"^# options: (.+)$", re.MULTILINE)
NEEDS = re.compile(r"^# needs: asyncio\.(\w+)$", re.MULTILINE)
FINDINGS = re.compile(r"^# findings: (\d+)$", re.MULTILINE)
INI = "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin")
PLUGIN = ("-p", "loopcheck.plugin")
# pytest's own words about a failure are a third of a run's work: one sample of each mode has them.
BRIEF = "--tb=line"
NOTHING = "nothing"
OURS = "please report it"  # what is said of a fault of our own
WRITTEN = ("*.py", "*.ini", "*.toml", "*.cfg")  # a setting may be the line to change
PASSES = re.compile(r"^# passes$", re.MULTILINE)
# Found in tests that pass, too. A sample of another mode says so itself: `# passes`.
SILENT = frozenset(
    f"LC{code}" for code in (105, 107, 201, 202, 205, 206, 207, 209, 210, 303, 306, 307, 502)
)


@dataclass(frozen=True)
class Sample:
    """A failure, or what looks like one, and what is to be said about it."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.relative_to(HERE).with_suffix("").as_posix()

    @cached_property
    def texts(self) -> dict[str, str]:
        """Source by the path that a report will use."""
        if self.path.is_file():
            return {self.path.name: self.path.read_text()}
        files = sorted(file for kind in WRITTEN for file in self.path.rglob(kind))
        return {file.relative_to(self.path).as_posix(): file.read_text() for file in files}

    @cached_property
    def marks(self) -> frozenset[tuple[str, int]]:
        """The lines to change. If there are several, any of them will do."""
        return self._lines_with(MARK)

    @cached_property
    def used(self) -> frozenset[tuple[str, int]]:
        """The lines that use the object, where a sample marks them."""
        return self._lines_with(USED)

    def _lines_with(self, mark: re.Pattern[str]) -> frozenset[tuple[str, int]]:
        return frozenset(
            (file, number)
            for file, text in self.texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            if mark.search(line)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """What the object may be called."""
        said = (name for text in self.texts.values() for name in NAME.findall(text))
        return frozenset(_quoted(name) for each in said for name in each.split(" | "))

    @property
    def faults(self) -> int:
        """How many findings there are to be: one fault is one finding."""
        said = [int(n) for text in self.texts.values() for n in FINDINGS.findall(text)]
        return max(said, default=1)

    @cached_property
    def options(self) -> tuple[str, ...]:
        """What it asks of the run that looks: `--loopcheck-hang=1`."""
        said = (line for text in self.texts.values() for line in OPTIONS.findall(text))
        return tuple(option for line in said for option in line.split())

    @property
    def possible(self) -> bool:
        """Whether this Python still has what the fault is made with."""
        needed = (name for text in self.texts.values() for name in NEEDS.findall(text))
        return all(hasattr(asyncio, name) for name in needed)

    @property
    def hangs(self) -> bool:
        """Whether a run without loopcheck never ends."""
        limited = any(option.startswith("--loopcheck-hang") for option in self.options)
        return limited and self.fault != NOTHING

    @property
    def is_first(self) -> bool:
        """Whether it is the one of its mode whose run with loopcheck has a process of its own."""
        return self.path.stem == "bad"

    @property
    def may_pass(self) -> bool:
        """Whether the fault makes no test fail."""
        return any(map(PASSES.search, self.texts.values()))

    @property
    def may_be_silent(self) -> bool:
        return any("\n# or: nothing\n" in text for text in self.texts.values())

    @property
    def fault(self) -> str:
        """The code of what is wrong in it, or "nothing" for what a traceback explains."""
        if self.path.parent.name.startswith("lc"):
            bad = self.path.name.startswith("bad")
            return self.path.parent.name[:5].upper() if bad else NOTHING
        return self.path.name[:5].upper() if self.path.name.startswith("lc") else NOTHING


@dataclass(frozen=True)
class Run:
    """What pytest and loopcheck said about a sample."""

    code: int
    outcomes: tuple[tuple[str, str], ...]  # (test, what happened), sorted
    failures: int
    output: str
    report: dict[str, Any] | None = None

    @property
    def findings(self) -> list[dict[str, Any]]:
        return list(self.report["findings"]) if self.report else []


def collect(*folders: str) -> list[Sample]:
    """Return the samples of *folders*, or of all."""
    found = (HERE / folder for folder in folders) if folders else HERE.iterdir()
    paths = (path for folder in sorted(found) if folder.is_dir() for path in folder.iterdir())
    keep = (path for path in paths if path.suffix == ".py" or any(path.glob("**/test_*.py")))
    every = [Sample(path) for path in sorted(keep) if path.name != "__pycache__"]
    return [sample for sample in every if sample.possible]


class Bench:
    """Servers for the samples, and runs of them."""

    def __init__(self, valkey: str, postgres: str, http: str) -> None:
        self._valkey, self._addresses = valkey, {"POSTGRES_URL": postgres, "HTTP_URL": http}
        self._own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        self._numbers = count()
        self._looked: dict[Sample, Run] = {}

    def run(self, sample: Sample) -> tuple[Run, Run]:
        """Return what happened without and with loopcheck."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, "plain")
            with self._start(sample, folder, BRIEF) as plain:
                seen = self.look(sample)
                if sample.hangs and plain.poll() is None:
                    plain.kill()
                return _finish(plain, folder), seen

    def look(self, sample: Sample) -> Run:
        """Return what happened with loopcheck. A sample is run once."""
        if sample not in self._looked:
            self._looked[sample] = self._look(sample)
        return self._looked[sample]

    def _look(self, sample: Sample) -> Run:
        with tempfile.TemporaryDirectory() as name:
            folder, report = Path(name, "looked"), Path(name, "report.json")
            words = () if sample.is_first else (BRIEF,)
            options = ("--loopcheck", f"--loopcheck-json={report}", *words, *sample.options)
            with self._start(sample, folder, *options) as process:
                seen = _finish(process, folder)
            found = json.loads(report.read_text()) if report.exists() else None
            return Run(seen.code, seen.outcomes, seen.failures, seen.output, found)

    def look_at_changed(self, place: Sample, folder: Path, sample: Sample) -> Run:
        """Return what a run with loopcheck says of the files in *folder*, a changed *sample*."""
        with tempfile.TemporaryDirectory() as name:
            report = Path(name, "report.json")
            target = (place.path.name,) if place.path.is_file() else ()
            options = ("--loopcheck", f"--loopcheck-json={report}", BRIEF, *sample.options)
            command = [*PYTEST, *PLUGIN, f"--junitxml={folder}.xml", *options, *target]
            with start(command, folder, self.environment(), cold=False) as process:
                seen = _finish(process, folder)
            found = json.loads(report.read_text()) if report.exists() else None
            return Run(seen.code, seen.outcomes, seen.failures, seen.output, found)

    def _start(self, sample: Sample, folder: Path, *options: str) -> Running:
        copied(sample, folder)
        target = (sample.path.name,) if sample.path.is_file() else ()
        command = [*PYTEST, *PLUGIN, f"--junitxml={folder}.xml", *options, *target]
        cold = sample.is_first and "--loopcheck" in options
        return start(command, folder, self.environment(), cold=cold)

    def environment(self) -> dict[str, str]:
        left_out = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        return kept | self._own | self._addresses | {"VALKEY_URL": self._empty_database()}

    def _empty_database(self) -> str:
        from valkey import Valkey  # late: a sample's file can be read without it

        url = re.sub(r"/\d+$", "", self._valkey) + f"/{next(self._numbers) % 16}"
        with Valkey.from_url(url) as client:
            client.flushdb()
        return url


def copied(sample: Sample, folder: Path) -> None:
    """Put *sample* into *folder*, which is new, with settings where it has none of its own."""
    if sample.path.is_file():
        folder.mkdir()
        shutil.copy(sample.path, folder)
    else:
        shutil.copytree(sample.path, folder, ignore=shutil.ignore_patterns("__pycache__"))
    if not any((folder / name).exists() for name in ("pytest.ini", "pyproject.toml")):
        (folder / "pytest.ini").write_text(INI)


@contextmanager
def bench() -> Iterator[Bench]:
    """Give real servers, and end them."""
    import loopcheck.servers

    with ExitStack() as stack:
        valkey = stack.enter_context(loopcheck.servers.valkey(quiet=True))
        postgres = stack.enter_context(loopcheck.servers.postgres(quiet=True))
        http = _Web(("127.0.0.1", 0), _Ok)
        threading.Thread(target=http.serve_forever, daemon=True).start()
        stack.callback(http.server_close)
        stack.callback(http.shutdown)
        address = f"http://127.0.0.1:{http.server_port}/"
        yield Bench(valkey.url, postgres.url, address)


class _Web(ThreadingHTTPServer):
    daemon_threads = True  # a sample that never closes its connection does not hold up the end

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: samples hang up as they like."""


class _Ok(BaseHTTPRequestHandler):
    """Says ok and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def _finish(process: Running, folder: Path) -> Run:
    try:
        output, _ = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        output, _ = stopped(process)
        output += f"\nended after {LONGEST} s"
    report = Path(f"{folder}.xml")
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else ()
    outcomes = [(f"{case.get('classname')}::{case.get('name')}", _outcome(case)) for case in cases]
    failures = sum(outcome in ("failure", "error") for _, outcome in outcomes)
    return Run(process.poll() or 0, tuple(sorted(outcomes)), failures, output)


def _outcome(case: ElementTree.Element) -> str:
    return next(
        (part.tag for part in case if part.tag in ("failure", "error", "skipped")), "passed"
    )


def _quoted(name: str) -> str:
    return name.strip().replace("'", '"')


# What is wrong with what was said


def complaints(sample: Sample, without: Run, seen: Run) -> list[str]:
    """Return what loopcheck got wrong, a line each."""
    wrong: list[str] = []
    if sample.hangs:
        wrong += _unended(without, seen)
    elif (without.code, without.outcomes) != (seen.code, seen.outcomes):
        wrong.append(f"outcomes differ: {without.outcomes} without, {seen.outcomes} with")
    wrong += [line for line in seen.output.splitlines() if OURS in line]
    if seen.report is None:
        return [*wrong, "no report was written"]
    if addresses := [text for text in _texts(seen.findings) if ADDRESS.search(text)]:
        wrong.append(f"an address is shown: {addresses[0]}")
    if sample.marks:
        return wrong + list(_misnamed(sample, seen))
    said = [found for found in seen.findings if sample.fault == NOTHING or found["code"] == "LC102"]
    return wrong + [f"{found['code']} said: {found['what']}" for found in said]


def _unended(without: Run, seen: Run) -> Iterator[str]:
    if without.code >= 0:
        yield f"it ends without a limit, too: {without.outcomes}"
    if seen.code != (1 if seen.failures else 0):
        yield f"with a limit it ended with {seen.code}: {seen.outcomes}"


def _misnamed(sample: Sample, seen: Run) -> Iterator[str]:
    if not seen.failures and sample.fault not in SILENT and not sample.may_pass:
        yield "the sample passes"
    if not seen.findings:
        if not sample.may_be_silent:
            yield "nothing was found"
        return
    first = seen.findings[0]
    if first["code"] != sample.fault:
        yield f"{first['code']} instead of {sample.fault}: {first['what']}"
    wheres = [_place(found.get("where")) for found in seen.findings]
    if not sample.marks.intersection(wheres):
        yield f"where is {_lines(wheres)}, marked is {_lines(sample.marks)}"
    uses = [_place(found.get("used_at")) for found in seen.findings]
    if sample.used and not sample.used.issuperset(uses):
        yield f"used at {_lines(uses)}, marked is {_lines(sample.used)}"
    names = [_quoted(found.get("subject", {}).get("name", "")) for found in seen.findings]
    if not sample.names.intersection(names):
        yield f"named {', '.join(names)}, not {' or '.join(sorted(sample.names))}"
    if len(seen.findings) != sample.faults or len(set(wheres)) != sample.faults:
        yield f"{len(seen.findings)} findings for {sample.faults} faults"
    times = sum(found["count"] for found in seen.findings if found["code"] == sample.fault)
    if times < seen.failures:  # a test may fail twice of it: in itself, and in its tear-down
        explained = sorted(_explained(seen.findings, sample.fault))
        yield f"{seen.failures} failures, explained only {explained}"
    for found in seen.findings:
        made, used = found.get("made_on"), found.get("used_on")
        if (made or used or sample.fault == "LC102") and (not made or not used or made == used):
            yield f"made on {made}, used on {used}"


def _explained(findings: list[dict[str, Any]], code: str) -> set[str]:
    mine = [found for found in findings if found["code"] == code]
    return {test for found in mine for test in (found.get("test"), *found.get("also", ()))} - {None}


def _place(where: dict[str, Any] | None) -> tuple[str, int]:
    return (where["file"], where["line"]) if where else ("nowhere", 0)


def _lines(places: "list[tuple[str, int]] | frozenset[tuple[str, int]]") -> str:
    return ", ".join(f"{file}:{line}" for file, line in sorted(places))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


# The table


def confusions(runs: list[tuple[Sample, Run]]) -> dict[str, Counter[str]]:
    """Return how many failures and silent faults got which code, by the fault of their sample."""
    table: dict[str, Counter[str]] = {}
    for sample, seen in runs:
        row = table.setdefault(sample.fault, Counter())
        codes = {found["code"] for found in seen.findings}
        said = {code: len(_explained(seen.findings, code)) for code in codes}
        said |= Counter(found["code"] for found in seen.findings if not found.get("test"))
        row.update(said)
        row[NOTHING] += max(0, seen.failures - sum(said.values()))
    return table


def matrix(table: dict[str, Counter[str]]) -> str:
    """Return the confusion matrix: a row for what it is, a column for what loopcheck reports."""
    columns = [*sorted({code for row in table.values() for code in row} - {NOTHING}), NOTHING]
    head = f"{'failures of':<12}{'all':>6}" + "".join(f"{name:>9}" for name in columns)
    lines = [
        f"{fault:<12}{sum(row.values()):>6}" + "".join(f"{row[name]:>9}" for name in columns)
        for fault, row in sorted(table.items())
    ]
    return "\n".join([head, *lines])


def main() -> None:
    """Run all samples and print the matrix, then what was got wrong."""
    wrong, runs = [], []
    with bench() as servers:
        for sample in collect():
            without, seen = servers.run(sample)
            runs.append((sample, seen))
            wrong += [f"{sample.id}: {line}" for line in complaints(sample, without, seen)]
    print(matrix(confusions(runs)))
    print("\n".join(["", *wrong]) if wrong else "")


if __name__ == "__main__":
    main()
