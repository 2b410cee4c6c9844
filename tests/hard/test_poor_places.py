"""Where little works: read-only folders, full disks, no temporary folder, other words and times.

What can't be done is said in a line. The rest works as everywhere, and nothing ends in a traceback.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tried import Planted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts, limits and locales")

SUITE = """
import asyncio, pytest
pytestmark = pytest.mark.asyncio
warteschlange_für_größe = asyncio.Queue()
תור = asyncio.Queue()

async def 使う(queue):
    asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
    await queue.get()

@pytest.mark.parametrize("n", ["größe", "עגלה", "テスト🧪"])
async def test_it(n):
    await 使う(תור)
    await 使う(warteschlange_für_größe)
"""
CELLS = """
import os, resource, signal
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
if "LIMIT" in os.environ:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
for cell in (
    "%load_ext loopcheck.lab",
    "%%project p\\n# file: test_a.py\\nimport asyncio\\nasync def test_é(): assert 'é' == 1",
    "%pytest p",
    "%loopcheck why",
    "%loopcheck",
    "%progress",
    "%hint LC102",
    "%%exercise LC102\\nx = (",
    "%progress --export",
    "%asyncfixture",
):
    shell.run_cell(cell)
"""
RUN = (
    *("-m", "pytest", "-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin"),
    *("-p", "no:cacheprovider", "--loopcheck"),
)
COMMANDS: dict[str, tuple[str, ...]] = {
    "explain": ("-m", "loopcheck", "explain", "LC102"),
    "the guide": ("-m", "loopcheck", "explain", "--all"),
    "doctor": ("-m", "loopcheck", "doctor"),
    "lab": ("-m", "loopcheck", "lab", "--copy-only"),
    "a run": RUN,
    "a report": (*RUN, "--loopcheck-json=report.json"),
    "cells": ("-c", CELLS),
}
ALLOWED = {0, 1, 2, 4}  # right, something to change or a test failed, wrong input


class Place:
    """A folder to run in, with a home and a folder for what is temporary."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work, self.home, self.temporary = root / "work", root / "home", root / "tmp"
        for one in (self.work, self.home, self.temporary):
            one.mkdir()
        (self.work / "test_it.py").write_text(SUITE, encoding="utf-8")

    def run(
        self, name: str, before: Sequence[str] = (), more: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        env = {key: one for key, one in os.environ.items() if not key.startswith(("LC_", "LANG"))}
        env |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        env |= {"LOOPCHECK_HOME": str(self.home / "kept"), "HOME": str(self.home)}
        env |= {"IPYTHONDIR": str(self.home / "ipython"), "TMPDIR": str(self.temporary)}
        return subprocess.run(
            [*before, sys.executable, *COMMANDS[name]],
            cwd=self.work,
            env=env | dict(more or {}),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def told(done: "subprocess.CompletedProcess[str]") -> str:
    """Return all that was said, which holds no traceback of ours."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said[-3000:]
    assert "INTERNALERROR" not in said, said[-3000:]
    assert "please report it" not in said, said[-3000:]
    assert done.returncode in ALLOWED, said[-3000:]
    return said


# Other words and times

WORDS = {
    "C": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "utf-16": {"PYTHONIOENCODING": "utf-8:strict", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
    "tr_TR": {"LC_ALL": "tr_TR.UTF-8"},
    "far east": {"TZ": "Pacific/Kiritimati"},
    "no zone": {"TZ": ":nowhere"},
    "narrow": {"COLUMNS": "20", "LINES": "5"},
    "no columns": {"COLUMNS": "0", "TERM": "dumb", "NO_COLOR": "1"},
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("words", WORDS)
def test_other_words_and_times(place: Place, words: str, name: str, planted: Planted) -> None:
    if (
        words == "tr_TR"
        and "tr_TR"
        not in subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    ):
        pytest.skip("no Turkish here")
    planted(1)
    said = told(place.run(name, more=WORDS[words]))
    if name in ("a run", "a report"):
        assert "LC102" in said
    if name == "a report":
        report = json.loads((place.work / "report.json").read_text("utf-8"))
        assert report["findings"][0]["code"] == "LC102"


# Little room


@pytest.fixture
def full(place: Place) -> Iterator[Place]:
    """Give a place on a disk of its own that is full."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("no right to mount")
    shutil.rmtree(place.temporary)
    place.temporary.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(place.temporary)], check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount")
    try:
        (place.temporary / "kept").mkdir()
        with (place.temporary / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 512):
                    pass
            except OSError:
                pass
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place.temporary)], check=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_for_progress_and_what_is_temporary(
    full: Place, name: str, planted: Planted
) -> None:
    planted(1)
    kept = {"LOOPCHECK_HOME": str(full.temporary / "kept")}
    told(full.run(name, more=kept))


def test_a_report_to_a_full_disk(full: Place, planted: Planted) -> None:
    planted(1)
    shutil.copy(full.work / "test_it.py", full.root)
    full.work = full.temporary / "kept"
    done = full.run("a report", more={"TMPDIR": str(full.root)})
    assert "--loopcheck-json" in done.stderr
    told(done)


LIMITED = """
import resource, runpy, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
"""


@pytest.mark.parametrize("name", [one for one in COMMANDS if not one.startswith("a ")])
def test_files_may_not_grow(place: Place, name: str, planted: Planted) -> None:
    planted(1)
    if name == "cells":  # IPython itself writes as it begins
        told(place.run(name, more={"LIMIT": "0"}))
        return
    (place.root / "site").mkdir()
    (place.root / "site" / "sitecustomize.py").write_text(LIMITED)
    path = os.pathsep.join(filter(None, [str(place.root / "site"), os.environ.get("PYTHONPATH")]))
    told(place.run(name, more={"PYTHONPATH": path}))


NO_TEMPORARY = """
import tempfile
tempfile._candidate_tempdir_list = lambda: ["/proc/no/such"]
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_no_temporary_folder(place: Place, name: str, planted: Planted) -> None:
    planted(1)
    (place.root / "site").mkdir()
    (place.root / "site" / "sitecustomize.py").write_text(NO_TEMPORARY)
    path = os.pathsep.join(filter(None, [str(place.root / "site"), os.environ.get("PYTHONPATH")]))
    done = place.run(name, more={"PYTHONPATH": path})
    if "_pytest/capture.py" in done.stderr:  # pytest itself can't begin
        pytest.skip("pytest needs a temporary folder, and says so")
    told(done)


@pytest.mark.parametrize("name", COMMANDS)
def test_folders_that_are_read_only(place: Place, name: str, planted: Planted) -> None:
    planted(1)
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("this user may write everywhere")
        drop = "-dac_override,-dac_read_search"
        before = ("setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}")
    for one in (place.work, place.home):
        one.chmod(0o555)
    try:
        told(place.run(name, before))
    finally:
        for one in (place.work, place.home):
            one.chmod(0o755)
