"""What a learner's hands do in a real JupyterLab: stop, restart, walk by keyboard, zoom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from test_lesson_in_lab import CHROMIUM, RUN_ALL, browser, lab, opened, playwright

__all__ = ["browser", "playwright"]  # a fixture, and the skip where its package is missing
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
OURS = ".jp-OutputArea-output"
BOUND = 30_000  # milliseconds, for one step
SET_UP = "%load_ext loopcheck.lab"
HUNG = "import asyncio\nprint('it waits')\nawait asyncio.Event().wait()"
WALK = (
    SET_UP,
    "%loopcheck",
    "%loopcheck explain --all LC2xx",
    "%loopcheck explain LC102",
    "print('end')",
)
# Where the focus is: in the notebook (a cell, an editor, an output), or lost to the page.
FOCUS = "() => document.activeElement.closest('.jp-Notebook') !== null"
DONE = """at => { const model = jupyterapp.shell.currentWidget.content.widgets[at].model;
  return model.executionState === 'idle' && model.executionCount > 0; }"""
SAID = """at => jupyterapp.shell.currentWidget.content.widgets[at].model.outputs.toJSON()
  .map(o => o.output_type === 'error' ? o.ename : o.text || '').join('')"""
WAITS = f"at => ({SAID})(at).includes('it waits')"
COUNTED = """([at, count]) =>
  jupyterapp.shell.currentWidget.content.widgets[at].model.executionCount === count"""
RESTART = "() => { window.restarted = jupyterapp.commands.execute('kernelmenu:restart'); }"
SAYS = f"([at, text]) => ({SAID})(at) === text"
TO_LINK = "() => document.activeElement.matches('.jp-OutputArea-output a')"
GO_TO = """at => { const book = jupyterapp.shell.currentWidget.content;
  book.activeCellIndex = at; book.mode = 'command'; book.activate(); }"""
# What is hidden at its edge, in an output or around it, and what around it scrolls sideways.
CUT = """() => {
  const wide = e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1;
  const flow = e => getComputedStyle(e).overflowX;
  const panel = jupyterapp.shell.currentWidget.node;
  return [...panel.querySelectorAll('.jp-OutputArea-output')].flatMap(output => {
    const around = [], inside = [output, ...output.querySelectorAll('*')];
    for (let e = output.parentElement; e !== panel; e = e.parentElement) around.push(e);
    return [...inside.filter(e => wide(e) && ['hidden', 'clip'].includes(flow(e))),
            ...around.filter(e => wide(e) && flow(e) !== 'visible')];
  }).map(e => e.outerHTML.slice(0, 200)); }"""
PLANT = """() => { const cut = document.createElement('div');
  cut.style = 'width: 100px; overflow: hidden; white-space: nowrap';
  cut.textContent = 'x'.repeat(400);
  document.querySelector('.jp-OutputArea-output').append(cut); }"""


def book(folder: Path, name: str, *texts: str) -> None:
    whole = nbformat.v4.new_notebook()
    whole.cells = [nbformat.v4.new_code_cell(text) for text in texts]
    whole.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}  # else it asks
    nbformat.write(whole, folder / name)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hands")
    book(folder, "hung.ipynb", SET_UP, HUNG, "print('after')")
    book(folder, "again.ipynb", SET_UP, "value = 1", "%loopcheck", "print('value' in dir())")
    book(folder, "walk.ipynb", *WALK)
    with lab(folder, tmp_path_factory.mktemp("home"), "Light") as served:
        yield served


def walked(page: Any, at: int) -> None:
    """Run cell *at* as hands do, by Shift+Enter, and wait until it has ended."""
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(DONE, arg=at, timeout=BOUND)


def test_stop_ends_a_hung_cell_and_the_next_one_runs(browser: Any, address: str) -> None:
    page = opened(browser, address, "hung.ipynb")
    page.evaluate(GO_TO, 0)
    walked(page, 0)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(WAITS, arg=1, timeout=BOUND)
    page.locator("[data-command='notebook:interrupt-kernel'], [title^='Interrupt']").first.click()
    page.wait_for_function(DONE, arg=1, timeout=BOUND)
    assert "it waits" in page.evaluate(SAID, 1)
    page.evaluate(GO_TO, 2)
    walked(page, 2)
    assert page.evaluate(SAID, 2) == "after\n"
    page.close()


def counted(page: Any, at: int, count: int) -> None:
    """Run cell *at* and wait until it is the one that ran as number *count*."""
    page.evaluate(GO_TO, at)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(COUNTED, arg=[at, count], timeout=BOUND)


def test_after_a_restart_the_set_up_cell_runs_again(browser: Any, address: str) -> None:
    page = opened(browser, address, "again.ipynb")
    for at, count in ((1, 1), (0, 2), (2, 3)):  # no cell has the number it gets afterwards
        counted(page, at, count)
    page.evaluate(RESTART)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.evaluate("() => window.restarted")
    for at, count in ((0, 1), (2, 2), (3, 3)):
        counted(page, at, count)
    page.wait_for_function(SAYS, arg=[3, "False\n"], timeout=BOUND)
    assert "Error" not in page.evaluate(SAID, 0) + page.evaluate(SAID, 2)
    page.close()


def test_shift_enter_walks_a_lesson_and_tab_reaches_links(browser: Any, address: str) -> None:
    page = opened(browser, address, "walk.ipynb")
    page.evaluate(GO_TO, 0)
    for at in range(len(WALK)):
        walked(page, at)
        assert page.evaluate(FOCUS)
    assert page.evaluate(SAID, len(WALK) - 1) == "end\n"
    page.evaluate(GO_TO, 2)
    assert any(page.evaluate(TO_LINK) for _ in tabs(page))
    page.close()


def tabs(page: Any) -> Iterator[None]:
    """Press Tab as often as a patient reader would."""
    for _ in range(20):
        page.keyboard.press("Tab")
        yield


def test_at_twice_the_size_nothing_of_ours_is_cut(browser: Any, address: str) -> None:
    page = opened(browser, address, "walk.ipynb")
    page.set_viewport_size({"width": 640, "height": 450})
    page.evaluate(RUN_ALL)
    assert page.locator(OURS).count() >= 4
    assert page.evaluate(CUT) == []
    page.evaluate(PLANT)
    assert len(page.evaluate(CUT)) == 1  # it is seen, were there any
    page.close()
