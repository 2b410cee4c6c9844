"""The live panel in a real JupyterLab: seen while it lives, still when stored, gone when closed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from test_lesson_in_lab import (
    CHROMIUM,
    LOG,
    READY,
    THEME,
    browser,
    is_seen,
    lab,
    opened,
    playwright,
    stumbles,
)

__all__ = ["browser", "playwright"]  # a fixture, and the skip where its package is missing
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
pytest.importorskip("anywidget", reason="the extra `live` is not installed")

LOAD = "%load_ext loopcheck\nimport asyncio, threading, time"
LIVE = "%loopcheck live"
WORK = """\
gate = asyncio.Event()
async def worker():
    await gate.wait()
kept = [asyncio.create_task(worker()) for _ in range(50)]
await asyncio.sleep(0.5)"""
BLOCK = "async def block():\n    time.sleep(4)\nawait asyncio.create_task(block())"
OURS = "[one.name for one in threading.enumerate() if one.name.startswith('loopcheck')]"
PANEL = "[data-loopcheck-live]"
RUN = """async at => {
  const book = jupyterapp.shell.currentWidget.content;
  book.activeCellIndex = at;
  await jupyterapp.commands.execute('notebook:run-cell'); }"""
START = """at => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = at;
  jupyterapp.commands.execute('notebook:run-cell'); }"""
RESULT = """at => (jupyterapp.shell.currentWidget.content.widgets[at].model.outputs.toJSON()
  .map(one => one.text ?? one.data?.['text/plain'] ?? one.evalue).join('\\n'))"""
SAVE = "() => jupyterapp.shell.currentWidget.context.save()"
RESTART = "() => jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"

CLOSE = "() => jupyterapp.shell.currentWidget.dispose()"
UNHEARD_MS = 6_000  # instead of 15 seconds; the browser says every 5 that somebody watches
RECORD = f"""\
from loopcheck.magics.live import update_thread
update_thread.UNHEARD = {UNHEARD_MS / 1000}
ended = threading.Event()
def look():
    while "loopcheck live" in {OURS}:
        time.sleep(0.05)
    ended.set()
threading.Thread(target=look, daemon=True).start()"""
CLEAR = "() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"


class Lab:
    """One page of Lab with a notebook, and what its console said."""

    def __init__(self, browser: Any, address: str, name: str) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(60_000)
        self.errors: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address.format(name))
        self.page.evaluate(READY)

    def _heard(self, message: Any) -> None:
        # A restart may come while Lab itself still asks whether the kernel can debug.
        if message.type == "error" and "debug_request" not in message.text:
            self.errors.append(message.text)

    def run(self, at: int) -> str:
        self.page.evaluate(RUN, at)
        return str(self.page.evaluate(RESULT, at))

    def threads_are_gone(self, at: int) -> bool:
        """Return whether the thread of the panels ends: it is asked until then, with a bound."""
        for _ in range(60):
            if self.run(at) == "[]":
                return True
            self.page.wait_for_timeout(500)
        return False

    def panel(self, number: int = 0) -> Any:
        return self.page.locator(PANEL).nth(number)


def written(folder: Path, *cells: str) -> str:
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    folder.mkdir(exist_ok=True)
    nbformat.write(book, folder / "live.ipynb")
    return "live.ipynb"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    with lab(tmp_path / "notebooks", tmp_path / "home", "Light") as served:
        yield served
    said = (tmp_path / "home" / LOG).read_text("utf-8")
    living, signal, _ = said.partition("received signal")
    assert signal  # it is the whole log
    # While the server ends, and when a page is closed, tornado drops messages on their way.
    wrong = re.findall(r"(?m)^(?:\[E |Exception in thread).*", living)
    ours = re.findall(r'(?m)^ *File ".*/loopcheck/.*', said)
    assert wrong + ours == []


@pytest.fixture
def notebook(tmp_path: Path) -> str:
    return written(tmp_path / "notebooks", LOAD, LIVE, WORK, BLOCK, OURS)


def test_a_blocked_loop_is_seen_blocked_and_the_panel_is_fit_for_all(
    notebook: str, browser: Any, address: str
) -> None:
    lab = Lab(browser, address, notebook)
    for at in range(3):
        lab.run(at)
    panel = lab.panel()
    row = panel.get_by_role("button", name="worker × 50")
    row.wait_for()
    row.click()
    panel.get_by_text("created at cell 3:4").wait_for()
    panel.get_by_text("wait at asyncio/locks.py").first.wait_for()
    lab.page.evaluate(START, 3)
    panel.locator(".chip", has_text="blocked").wait_for()
    panel.get_by_text("by time.sleep at cell 4:2").first.wait_for()
    assert lab.page.evaluate(RESULT, 3) == ""  # it still blocks
    panel.locator(".badges", has_text="by time.sleep").wait_for()
    is_seen(lab.page, panel, "live", "Light")
    assert stumbles(lab.page, PANEL) == []
    lab.page.evaluate(THEME, "Dark")
    panel.locator(".panel.dark").wait_for()
    is_seen(lab.page, panel, "live", "Dark")
    assert stumbles(lab.page, PANEL) == []
    assert lab.errors == []
    lab.page.close()


def test_keys_pause_step_back_filter_and_close(notebook: str, browser: Any, address: str) -> None:
    lab = Lab(browser, address, notebook)
    for at in range(3):
        lab.run(at)
    panel = lab.panel()
    row = panel.get_by_role("button", name="worker × 50")
    row.focus()
    lab.page.keyboard.press("Space")
    panel.get_by_text("Resume").wait_for()
    lab.page.keyboard.press("Home")
    row.wait_for(state="detached")  # it was not yet there
    lab.page.locator("body").press("Escape")
    panel.get_by_role("button", name="Resume").click()
    row.wait_for()
    panel.get_by_role("searchbox").fill("nothing has this")
    panel.get_by_text("No row has these words.").wait_for()
    panel.get_by_role("searchbox").fill("worker")
    row.wait_for()
    panel.get_by_role("button", name="Close").click()
    panel.get_by_role("toolbar").wait_for(state="detached")
    assert lab.threads_are_gone(4)
    assert lab.errors == []
    lab.page.close()


def test_what_is_stored_is_a_still_picture_and_no_dead_widget(
    tmp_path: Path, notebook: str, browser: Any, address: str
) -> None:
    lab = Lab(browser, address, notebook)
    for at in (0, 2, 1):
        lab.run(at)
    lab.panel().get_by_role("toolbar").wait_for()
    lab.page.evaluate(SAVE)
    lab.page.close()
    stored = json.loads((tmp_path / "notebooks" / notebook).read_text("utf-8"))
    [output] = stored["cells"][1]["outputs"]
    assert set(output["data"]) == {"text/plain", "text/html"}
    with_no_kernel = tmp_path / "later"
    written(with_no_kernel)
    (with_no_kernel / notebook).write_text(json.dumps(stored))
    page = opened(browser, address, notebook)
    page.get_by_text("live: 1 loop, 50 tasks").first.wait_for(state="attached")
    assert page.get_by_text("Error displaying widget").count() == 0
    page.close()


def test_restart_reload_two_panels_and_a_closed_notebook_leave_no_thread_and_no_error(
    tmp_path: Path, browser: Any, address: str
) -> None:
    notebook = written(
        tmp_path / "notebooks", LOAD, LIVE, LIVE, WORK, OURS, RECORD, "ended.is_set()"
    )
    lab = Lab(browser, address, notebook)
    for at in range(4):
        lab.run(at)
    for number in (0, 1):
        lab.panel(number).get_by_role("button", name="worker × 50").wait_for()
    assert lab.run(4).count("loopcheck live") == 1  # one thread for both

    lab.page.evaluate(SAVE)
    lab.page.reload()
    lab.page.evaluate(READY)
    lab.panel(1).get_by_role("button", name="worker × 50").wait_for()  # the kernel lives

    lab.page.evaluate(RESTART)
    lab.page.evaluate(READY)
    assert lab.run(4).startswith("NameError") or lab.run(4).startswith("name 'threading'")
    lab.run(0)
    assert lab.run(4) == "[]"

    for at in (1, 3, 5):
        lab.run(at)
    lab.panel().get_by_role("button", name="worker × 50").wait_for()
    lab.page.evaluate(SAVE)
    lab.page.evaluate(CLOSE)  # the notebook; the page and the kernel go on
    lab.page.locator(PANEL).first.wait_for(state="detached")
    lab.page.wait_for_timeout(UNHEARD_MS + 4_000)
    lab.page.goto(address.format(notebook))
    lab.page.evaluate(READY)
    assert lab.run(6) == "True"
    assert lab.errors == []
    lab.page.close()


def test_a_cleared_output_ends_the_thread(notebook: str, browser: Any, address: str) -> None:
    lab = Lab(browser, address, notebook)
    for at in range(3):
        lab.run(at)
    lab.panel().get_by_role("toolbar").wait_for()
    lab.page.evaluate(CLEAR)
    assert lab.threads_are_gone(4)
    assert lab.errors == []
    lab.page.close()
