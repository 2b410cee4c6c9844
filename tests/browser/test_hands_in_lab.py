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
AGAIN = (
    *(SET_UP, "value = 1", "%loopcheck", "print('value' in dir())"),
    *(HUNG, "print('after')"),
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
    book(folder, "again.ipynb", *AGAIN)
    book(folder, "walk.ipynb", *WALK)
    with lab(folder, tmp_path_factory.mktemp("home"), "Light") as served:
        yield served


# A page of Lab's is fifteen seconds of work: two tests share one.


@pytest.fixture(scope="module")
def again(browser: Any, address: str) -> Iterator[Any]:
    page = opened(browser, address, "again.ipynb")
    yield page
    page.close()


@pytest.fixture(scope="module")
def walk(browser: Any, address: str) -> Iterator[Any]:
    page = opened(browser, address, "walk.ipynb")
    yield page
    page.close()


def walked(page: Any, at: int) -> None:
    """Run cell *at* as hands do, by Shift+Enter, and wait until it has ended."""
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(DONE, arg=at, timeout=BOUND)


def counted(page: Any, at: int, count: int) -> None:
    """Run cell *at* and wait until it is the one that ran as number *count*."""
    page.evaluate(GO_TO, at)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(COUNTED, arg=[at, count], timeout=BOUND)


def test_after_a_restart_the_set_up_cell_runs_again(again: Any) -> None:
    for at, count in ((1, 1), (0, 2), (2, 3)):  # no cell has the number it gets afterwards
        counted(again, at, count)
    again.evaluate(RESTART)
    again.locator(".jp-Dialog .jp-mod-accept").click()
    again.evaluate("() => window.restarted")
    for at, count in ((0, 1), (2, 2), (3, 3)):
        counted(again, at, count)
    again.wait_for_function(SAYS, arg=[3, "False\n"], timeout=BOUND)
    assert "Error" not in again.evaluate(SAID, 0) + again.evaluate(SAID, 2)


def test_stop_ends_a_hung_cell_and_the_next_one_runs(again: Any) -> None:
    again.evaluate(GO_TO, 0)
    walked(again, 0)
    again.evaluate(GO_TO, 4)
    again.keyboard.press("Shift+Enter")
    again.wait_for_function(WAITS, arg=4, timeout=BOUND)
    again.locator("[data-command='notebook:interrupt-kernel'], [title^='Interrupt']").first.click()
    again.wait_for_function(DONE, arg=4, timeout=BOUND)
    assert "it waits" in again.evaluate(SAID, 4)
    again.evaluate(GO_TO, 5)
    walked(again, 5)
    assert again.evaluate(SAID, 5) == "after\n"


def test_shift_enter_walks_a_lesson_and_tab_reaches_links(walk: Any) -> None:
    walk.evaluate(GO_TO, 0)
    for at in range(len(WALK)):
        walked(walk, at)
        assert walk.evaluate(FOCUS)
    assert walk.evaluate(SAID, len(WALK) - 1) == "end\n"
    walk.evaluate(GO_TO, 2)
    assert any(walk.evaluate(TO_LINK) for _ in tabs(walk))


def tabs(page: Any) -> Iterator[None]:
    """Press Tab as often as a patient reader would."""
    for _ in range(20):
        page.keyboard.press("Tab")
        yield


def test_at_twice_the_size_nothing_of_ours_is_cut(walk: Any) -> None:
    walk.set_viewport_size({"width": 640, "height": 450})
    walk.evaluate(RUN_ALL)
    assert walk.locator(OURS).count() >= 4
    assert walk.evaluate(CUT) == []
    walk.evaluate(PLANT)
    assert len(walk.evaluate(CUT)) == 1  # it is seen, were there any
