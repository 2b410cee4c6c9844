"""Tests in the live panel, in a real kernel: they appear as they run, each finding at once."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

pytest.importorskip("anywidget", reason="the extra `live` is not installed")

LOAD = """\
%load_ext loopcheck.lab
import os, tempfile, threading
from pathlib import Path
folder = tempfile.TemporaryDirectory()"""
# Writes a file as soon as a finding is shown, and the test that waits for the file.
WATCH = """\
from loopcheck.magics.live import live_magic
[live] = live_magic._live.values()
class Watcher:
    heard = 0.0
    def __init__(self, name):
        self.shown, self.file = [], Path(folder.name, name)
        os.environ["SHOWN"] = str(self.file)
        self.before, self.files = None, set()
    def show(self, frame, moment):
        if self.before is None:
            self.before = len(frame.badges)
        self.shown += [(one.name, one.phase, one.outcome) for one in frame.tests]
        self.files |= {one.progress for one in live.updates.reading._children}
        found = any(one.kind.startswith("LC202") for one in frame.badges[self.before:])
        if found and ("test_waits", "call", None) in self.shown:
            self.file.touch()
    def still_alive(self, moment): pass
def watch(name):
    global watcher
    watcher = Watcher(name)
    live.updates.add(watcher)"""
# The second test passes only if the finding of the first is shown while it runs.
TESTS = """\
import asyncio, os, time
from pathlib import Path
import pytest
pytestmark = pytest.mark.asyncio
async def test_forgets():
    asyncio.sleep(0)
async def test_waits():
    end = time.monotonic() + 15
    while not Path(os.environ["SHOWN"]).exists():
        assert time.monotonic() < end, "the panel has not shown the finding"
        await asyncio.sleep(0.05)"""
CELLS = {
    "load": LOAD,
    "open": "%loopcheck live",
    "class": WATCH,
    "project": f"%%project shop\n# file: test_shop.py\n{TESTS}",
    "watch child": "watch('child')",
    "child": "%pytest shop",
    "shown of child": "watcher.shown",
    "files": "[(one.name, one.exists()) for one in watcher.files]",
    "watch here": "watch('here')",
    "here": f"%%ipytest\n{TESTS}",
    "shown here": "watcher.shown",
    "badges": "[one.kind for one in live.updates.reading.badges]",
    "close": "live.close(); folder.cleanup()",
}


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """Return what each cell printed or showed."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in CELLS.values()]
    NotebookClient(notebook, allow_errors=True, timeout=90, kernel_name="python3").execute()
    return {
        name: "".join(
            str(one.get("text") or one.get("data", {}).get("text/plain") or one.get("evalue"))
            for one in cell.outputs
        )
        for name, cell in zip(CELLS, notebook.cells, strict=True)
    }


@pytest.mark.parametrize("run", ["child", "here"])
def test_a_finding_has_its_badge_while_the_next_test_runs(said: dict[str, str], run: str) -> None:
    assert re.search(r"\b2 passed", said[run]), said[run]


@pytest.mark.parametrize("shown", ["shown of child", "shown here"])
def test_tests_appear_with_phase_and_outcome(said: dict[str, str], shown: str) -> None:
    assert "('test_forgets', None, 'passed')" in said[shown]
    assert "('test_waits', 'call', None)" in said[shown]


def test_the_run_of_a_child_is_shown_and_leaves_no_file(said: dict[str, str]) -> None:
    assert "('%pytest shop', None, None)" in said["shown of child"]
    assert said["files"] == "[('.shop.progress', False)]"


def test_a_finding_has_one_badge_for_each_run(said: dict[str, str]) -> None:
    assert said["badges"] == "['LC202 never-awaited', 'LC202 never-awaited']"
