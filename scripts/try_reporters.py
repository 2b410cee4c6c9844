"""Runs some samples beside each reporter of scripts/reporters.toml, and looks for the findings.

python scripts/try_reporters.py [NAME…]    each in an environment of its own: needs network

Each reporter runs the samples without and with --loopcheck. The outcomes come from pytest's own
junit file, which both runs write. Each writes its own row of docs/reporters.md; other rows keep
their dates.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from page_ages import measured_now

from loopcheck.plugin.reporting.terminal_format import AGENTS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reporters.md"
KNOWN = ROOT / "scripts" / "reporters.toml"
BLOCK = "reporters"
SAMPLES = (  # three causes of several tests, one in a setup; and one of one test
    "lc102_loop_mismatch/bad_future.py",
    "lc103_nested_run/bad.py",
    "lc401_sync_mock_awaited/bad_gather.py",
    "lc301_undecorated_async_fixture/bad_module_scope.py",
)
UNEXPLAINED = "def test_sum():\n    assert 1 + 1 == 3\n"
INI = "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n"
FRAMES = re.compile(r"[\s│┃╭╮╰╯─━|]+")  # between the words of a wrapped sentence
HEAD = "| reporter | version | on | findings in | causes shown | outcomes | for each test |"
COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
TERMINAL = {"COLUMNS": "80", "TERM": "xterm"}
LONGEST = 120  # seconds for one run


@dataclass(frozen=True)
class Seen:
    """What one reporter showed of the causes that loopcheck named."""

    causes: int
    shown: int
    most: int  # times that one cause is in the output, for each of its tests
    at_work: bool
    changed: list[str] = field(default_factory=list)  # tests with another outcome

    def cells(self) -> list[str]:
        outcomes = "equal" if not self.changed else f"differ: {', '.join(self.changed)}"
        times = {0: "-", 1: "once"}.get(self.most, f"{self.most} times")
        return [f"{self.shown} of {self.causes}", outcomes, times]

    @property
    def is_good(self) -> bool:
        return self.at_work and self.shown == self.causes and self.most == 1 and not self.changed


def main() -> int:
    known = tomllib.loads(KNOWN.read_text("utf-8"))
    every = known["reporters"]
    if unknown := set(sys.argv[1:]) - every.keys():
        print(f"No reporter {', '.join(sorted(unknown))}: there are {', '.join(every)}.")
        return 2
    good = True
    for name in sys.argv[1:] or every:
        seen = tried(every[name], known["common"])
        good = good and seen.is_good
        line = row(name, every[name], seen)
        print(line if seen.at_work else f"{name} was not at work", flush=True)
        if seen.at_work:
            put(BLOCK, table({**rows(block(BLOCK)), name: line}, list(every)))
    return int(not good)


def tried(reporter: dict[str, Any], common: list[str]) -> Seen:
    """Return what a new environment with *reporter* shows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = environment(
            folder / "env", [*common, f"{reporter['package']}=={reporter['version']}"]
        )
        options = reporter.get("options", [])
        for way in ("without", "with"):
            project(folder / way)
        run(python, folder / "without", [*options, "-p", "no:loopcheck"])
        told = run(python, folder / "with", [*options, "--loopcheck", "--loopcheck-json=lc.json"])
        if pattern := reporter.get("file"):
            files = sorted((folder / "with").glob(pattern))
            told = "\n".join(file.read_text("utf-8") for file in files)
        report = json.loads((folder / "with" / "lc.json").read_text("utf-8"))
        before, after = (outcomes(folder / way / "junit.xml") for way in ("without", "with"))
    changed = sorted(test for test in before | after if before.get(test) != after.get(test))
    return looked(told, report["findings"], reporter["sign"], changed)


def looked(told: str, found: list[dict[str, Any]], sign: str, changed: list[str]) -> Seen:
    """Return which of the causes *found* are in the text *told*, and how often."""
    text = plain(told)
    times = [text.count(plain(one["what"])) for one in found]
    heads = [f"{one['code']} {one['slug']}" in text for one in found]
    counts = [-(-number // one["count"]) for number, one in zip(times, found, strict=True)]
    shown = sum(head and number > 0 for head, number in zip(heads, times, strict=True))
    return Seen(len(found), shown, max(counts), sign in told, changed)


def plain(text: str) -> str:
    """Return the words of a report in plain text, HTML, XML or JSON, one space between two."""
    text = COLOURS.sub("", text)
    text = html.unescape(html.unescape(text)).replace("\\n", " ").replace('\\"', '"')
    return FRAMES.sub(" ", text).strip()


def environment(folder: Path, packages: list[str]) -> str:
    """Make an environment with *packages* and this checkout; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = (python, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    subprocess.run([*pip, *packages, str(ROOT)], check=True)
    return python


def project(folder: Path) -> None:
    folder.mkdir()
    (folder / "pytest.ini").write_text(INI, "utf-8")
    (folder / "test_sum.py").write_text(UNEXPLAINED, "utf-8")
    for sample in SAMPLES:
        name = f"test_{sample.partition('_')[2].partition('/')[0]}.py"
        shutil.copy(ROOT / "tests" / "modes" / sample, folder / name)


def run(python: str, folder: Path, options: list[str]) -> str:
    """Return what pytest prints in *folder*, for a reader that is no coding agent."""
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "--color=no"]
    command += ["--junitxml=junit.xml", *options]
    kept = {name: value for name, value in os.environ.items() if name not in AGENTS}
    import pty  # late: not on Windows, where the tests of this table run, too

    ours, theirs = pty.openpty()  # pytest-rich only works in a terminal
    with subprocess.Popen(
        command, cwd=folder, env={**kept, **TERMINAL}, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        ended = threading.Timer(LONGEST, process.kill)
        ended.start()
        os.close(theirs)
        said = b"".join(iter(lambda: read(ours), b""))
        ended.cancel()
    os.close(ours)
    return said.decode("utf-8", "replace")


def read(end: int) -> bytes:
    try:
        return os.read(end, 65_536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def outcomes(file: Path) -> dict[str, str]:
    """Return the outcome of each test in a junit file."""
    other = ("failure", "error", "skipped")
    return {
        f"{case.get('classname')}.{case.get('name')}": next(
            (child.tag for child in case if child.tag in other), "passed"
        )
        for case in ElementTree.parse(file).iter("testcase")
    }


# The page


def row(name: str, reporter: dict[str, Any], seen: Seen) -> str:
    place = f"its file `{reporter['file']}`" if "file" in reporter else "the terminal"
    return f"| {' | '.join([name, reporter['version'], measured_now(), place, *seen.cells()])} |"


def rows(text: str) -> dict[str, str]:
    """Return the rows of a table by their first cell."""
    lines = text.strip().splitlines()[2:]
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}


def table(known: dict[str, str], order: list[str]) -> str:
    line = f"|{' --- |' * HEAD.count(' | ')} --- |"
    return "\n".join([HEAD, line, *(known[name] for name in order if name in known)])


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


def block(name: str) -> str:
    """Return what the page has between the comments of that *name*."""
    found = _between(name).search(PAGE.read_text("utf-8"))
    return "\n".join(found[0].splitlines()[1:-1]) if found else ""


def put(name: str, text: str) -> None:
    """Replace what the page has between the comments of that *name*."""
    said = PAGE.read_text("utf-8")
    PAGE.write_text(_between(name).sub(lambda one: f"{one[1]}{text}\n{one[2]}", said), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
