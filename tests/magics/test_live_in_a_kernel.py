"""`%loopcheck live` in a real kernel: its output, its text, wrong words, and what it leaves."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

OURS = "[one.name for one in threading.enumerate() if one.name.startswith('loopcheck')]"
CELLS = {
    "load": "%load_ext loopcheck\nimport asyncio, sys, threading, time",
    "not loaded": "'anywidget' in sys.modules",
    "plain": "%loopcheck live --text",
    "without": "sys.modules['anywidget'] = None\n%loopcheck live\ndel sys.modules['anywidget']",
    "open": "%loopcheck live",
    "threads": OURS,
    "works": """\
async def worker():
    await asyncio.sleep(1000)
async def block():
    time.sleep(0.4)
kept = [asyncio.create_task(worker()) for _ in range(3)]
await asyncio.sleep(0.2)
await asyncio.create_task(block())
await asyncio.sleep(0.2)""",
    "text": "%loopcheck live --text",
    "word": "%loopcheck live now",
    "option": "%loopcheck live --txt",
    "unload": "%unload_ext loopcheck",
    "after": OURS,
}
Cells = dict[str, list[nbformat.NotebookNode]]


@pytest.fixture(scope="module")
def cells() -> Cells:
    """Return the outputs of each cell."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in CELLS.values()]
    NotebookClient(notebook, allow_errors=True, timeout=60, kernel_name="python3").execute()
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


def said(outputs: list[nbformat.NotebookNode]) -> str:
    [one] = outputs
    return str(one.text if one.output_type == "stream" else one.data["text/plain"])


def test_anywidget_is_imported_for_the_panel_only(cells: Cells) -> None:
    assert said(cells["not loaded"]) == "False"


def test_the_output_is_a_still_picture_with_a_place_for_the_panel(
    cells: Cells,
) -> None:
    [output] = cells["open"]
    assert set(output.data) == {"text/plain", "text/html"}  # no widget that is dead once stored
    assert re.match(r'<div data-loopcheck-live="[0-9a-f]{32}">', output.data["text/html"])
    assert output.data["text/plain"] == said(cells["plain"])


def test_the_text_says_what_runs_and_what_happened(cells: Cells) -> None:
    text = said(cells["text"])
    assert text.startswith("live: 1 loop, 3 tasks")
    assert re.search(r"3 tasks +worker waits on asyncio\.sleep +cell 7:2 +cell 7:5", text)
    assert re.search(r"blocked +the kernel's loop +by time\.sleep +cell 7:4", text)


def test_one_thread_feeds_and_goes_with_the_magics(cells: Cells) -> None:
    assert "loopcheck live" in said(cells["threads"])
    assert said(cells["after"]) == "[]"


def test_wrong_words_get_one_line(cells: Cells) -> None:
    now, option = said(cells["word"]).strip(), said(cells["option"]).strip()
    assert now == "UsageError: `now` is not known after %loopcheck live: it takes --text, --all."
    assert option.endswith("it takes --text, --all. Did you mean `--text`?")
    assert "\n" not in option


def test_without_anywidget_the_text_and_the_way_to_get_it(cells: Cells) -> None:
    first, _, rest = said(cells["without"]).partition("\n\n")
    assert '%pip install "loopcheck[live]"' in first
    assert "\n" not in first
    assert rest == said(cells["plain"])
