"""What others say of a sample: pytest, asyncio's debug mode, pyleak, aiomonitor, Python 3.14.

Each is run, and quoted word for word. Which lines tell something is decided by a rule, not by
hand: errors and warnings, and what the loop's own log says; each once, without numbers that no two
runs share.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from samples import Sample, copied

PYTEST = ("-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin")
SHORT = ("-q", "--tb=short", "-W", "default", "-o", "log_cli=true", "-o", "log_cli_level=WARNING")
LONGEST = 8.0  # seconds for a sample that hangs
SLOW = 120.0  # for any other: on a busy machine, a start alone may take eight
MOST, WIDE = 3, 200  # lines quoted, and characters of each
GRAPH = os.environ.get("PYTHON314") or shutil.which("python3.14")
TELLS = (
    re.compile(r"^E +(.*\S)", re.MULTILINE),
    re.compile(r"^ +(?:\S+:\d+: )?((?:\w+\.)*\w*Warning: .*\S)", re.MULTILINE),
    re.compile(r"^(?:WARNING|ERROR) +(?:asyncio|pyleak)\S* +(.*\S)", re.MULTILINE),
    re.compile(r"^(?:FAILED|ERROR) .*? - (.*\S)", re.MULTILINE),
)
# What differs from run to run, and says nothing.
SAME = (
    (re.compile(r" at 0x[0-9a-f]+|0x[0-9a-f]{6,}"), ""),
    (re.compile(r"Task-\d+"), "Task-…"),
    (re.compile(r"\d+\.\d{2,} ?s(econds)?"), "… s"),
    (re.compile(r"(?:/[\w.+-]+)+/(?=[\w.-]+)"), "…/"),
    (re.compile(r"…/site-packages\b"), "…"),  # of a path that pytest cut there
    (re.compile(r"(?<=[:=])\d{4,5}\b"), "…"),
    (re.compile(r"\b\d{9,}\b"), "…"),
)
MARKED = """import pytest
def pytest_configure(config):
    config.addinivalue_line("markers", "no_leaks: of pyleak, which does not register it")
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.no_leaks("all"))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One who looks: what pytest is given for it."""

    name: str
    options: tuple[str, ...] = ()
    debug: bool = False


ALONE = Way(name="pytest alone")
OTHERS = (
    Way(name="asyncio's debug mode", debug=True),
    Way(name="pyleak", options=("-p", "pyleak.pytest_plugin", "-p", "marked")),
    Way(name="aiomonitor", options=("-p", "monitored")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The whole output of a run, and whether it came to an end."""

    output: str
    ended: bool

    def lines(self) -> list[str]:
        """Return the lines that tell something, each once."""
        found = [line for kind in TELLS for line in kind.findall(self.output)]
        return list(dict.fromkeys(plain(line) for line in found))

    def last(self) -> str:
        """Return pytest's own last line, or that there was none."""
        if not self.ended:
            return "never ends"
        counts = re.findall(r"^=*\s*(\d+ \w+.*?) in [\d.]+s", self.output, re.MULTILINE)
        return counts[-1] if counts else "no test ran"

    def names(self, sample: Sample) -> bool:
        """Return whether a line to change is named anywhere in all that was said."""
        return any(
            re.search(rf"{re.escape(file)}[:\"',]+ ?(?:line )?{line}\b", self.output)
            for file, line in sample.marks
        )


def plain(line: str) -> str:
    for kind, instead in SAME:
        line = kind.sub(instead, line)
    return line if len(line) <= WIDE else line[: WIDE - 2] + " …"


def run(sample: Sample, way: Way, environment: dict[str, str]) -> Said:
    """Run *sample* as *way* does, and return what it said."""
    with tempfile.TemporaryDirectory() as name:
        folder, beside = Path(name, "project"), Path(name, "beside")
        copied(sample, folder)
        beside.mkdir()
        (beside / "marked.py").write_text(MARKED)
        shutil.copy(Path(__file__).with_name("monitored.py"), beside)
        env = environment | {"PYTHONPATH": str(beside), "COLUMNS": str(WIDE)}
        env["PYTHONHASHSEED"] = "0"  # an error may show a set: the page is not to differ by that
        env |= {"PYTHONASYNCIODEBUG": "1"} if way.debug else {}
        target = (sample.path.name,) if sample.path.is_file() else ()
        words = (sys.executable, *PYTEST, *SHORT, *way.options, *target)
        return _finished(words, folder, env, LONGEST if sample.hangs else SLOW)


def _finished(command: tuple[str, ...], folder: Path, env: dict[str, str], seconds: float) -> Said:
    with (folder.parent / "output").open("w+") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=file, stderr=subprocess.STDOUT
        )
        ended = _ends(process, seconds)
        if not ended:
            process.kill()
            process.wait()
        file.seek(0)
        return Said(output=file.read(), ended=ended)


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return True
    return False


def graph(sample: Sample, environment: dict[str, str]) -> list[str] | None:
    """Return what `python -m asyncio pstree` says of a sample that hangs; None without a 3.14.

    It looks at a process that lives: of a test that is over there is nothing to see.
    """
    if GRAPH is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        copied(sample, folder)
        target = (sample.path.name,) if sample.path.is_file() else ()
        process = subprocess.Popen(
            (GRAPH, *PYTEST, *target), cwd=folder, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            return list(_seen(process))
        finally:
            process.kill()
            process.wait()


def _seen(process: subprocess.Popen[bytes]) -> Iterator[str]:
    if _ends(process, LONGEST / 2):
        yield "the process has ended: nothing to see"
        return
    command = (str(GRAPH), "-m", "asyncio", "pstree", str(process.pid))
    said = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    yield from (plain(line) for line in (said.stdout or said.stderr).splitlines() if line.strip())
