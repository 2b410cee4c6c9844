"""`%loopcheck` and `%%loopcheck` in a real kernel: one notebook, run once, asked cell by cell."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "load": "%load_ext loopcheck",
    "made": """\
import asyncio
gate = asyncio.Event()
async def worker(n):
    await gate.wait()
workers = [asyncio.create_task(worker(i)) for i in range(50)]
await asyncio.sleep(0)""",
    "summary": "%loopcheck",
    "loops": "%loopcheck loops",
    "all loops": "%loopcheck loops --all",
    "tasks": "%loopcheck tasks",
    "objects": "%loopcheck objects gate",
    "registry": "%loopcheck registry",
    "patches": "%loopcheck patches",
    "config": "%loopcheck config",
    "fixtures": "%loopcheck fixtures",
    "json": "%loopcheck tasks --json",
    "left": """\
%%loopcheck
import atexit
async def leak():
    await asyncio.sleep(1000)
def goodbye(): pass
task = asyncio.create_task(leak())
leak()
kept = leak()
spare = asyncio.new_event_loop()
atexit.register(goodbye)
await asyncio.sleep(0)""",
    "blocks": "%%loopcheck\nimport time\nawait asyncio.sleep(0)\ntime.sleep(0.3)",
    "nothing left": "%%loopcheck\nawait asyncio.sleep(0)",
    "wrong head": "%%loopcheck now\nx = 1",
    "fails": """\
queue = asyncio.Queue()
async def first():
    waiter = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(1)
    await waiter
import threading
thread = threading.Thread(target=lambda: asyncio.run(first()))
thread.start(); thread.join()
await queue.get()""",
    "why": "%loopcheck why",
    "plain failure": "1 / 0",
    "no cause": "%loopcheck why",
    "passes": "await asyncio.sleep(0)",
    "later": "%loopcheck",
    "kept": "async def open_shelf(): return {}\nshop = {'shelf': open_shelf()}",
    "not awaited": "shop['shelf']['tea']",
    "forgotten": "%loopcheck why",
    "unload": "spare.close(); kept.close()\n%unload_ext loopcheck",
    "gone": "%loopcheck",
}


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """Return what each cell showed, as text."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in CELLS.values()]
    NotebookClient(notebook, allow_errors=True, timeout=60, kernel_name="python3").execute()
    return {
        name: "\n".join(map(_words, cell.outputs))
        for name, cell in zip(CELLS, notebook.cells, strict=True)
    }


def _words(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data["text/plain"])


def test_the_summary_shows_tasks_in_groups_and_fits_a_screen(cells: dict[str, str]) -> None:
    said = cells["summary"]
    assert re.search(r"50 tasks +worker waits at cell 2:4 on asyncio\.locks\.Event", said)
    assert said.count("\n") < 25
    assert "No test has run yet" in said


def test_the_kernels_own_loops_are_folded_away(cells: dict[str, str]) -> None:
    assert "machinery: the kernel's loop, the kernel's control loop" in cells["loops"]
    assert cells["all loops"].count("running") >= 3


def test_the_kernels_own_tasks_are_folded_away(cells: dict[str, str]) -> None:
    assert "shell_main" not in cells["tasks"]
    assert "worker" in cells["tasks"]


@pytest.mark.parametrize("part", ["registry", "patches", "config", "fixtures", "objects", "json"])
def test_a_healthy_answer_holds_no_error_and_no_address(cells: dict[str, str], part: str) -> None:
    said = cells[part]
    assert said
    assert not re.search(r"ERROR|Traceback|could not look|\b0x[0-9a-f]{4,}", said)


def test_a_name_leads_to_its_loop(cells: dict[str, str]) -> None:
    assert re.search(r"gate +Event +.*gate\._loop", cells["objects"])


@pytest.mark.parametrize(
    "left",
    [
        r"open loop +.*cell 13:9",
        r"pending task +leak waits at cell 13:4",
        r"cell 13:6",
        r"atexit hook +goodbye",
        r"never awaited +leak +cell 13:7",
        r"never awaited +leak +cell 13:8",
    ],
)
def test_a_cell_that_awaits_is_told_what_it_left(cells: dict[str, str], left: str) -> None:
    assert re.search(left, cells["left"]), cells["left"]


def test_a_blocked_loop_is_told_with_its_line(cells: dict[str, str]) -> None:
    assert re.search(r"blocked +.* for 0\.\d s, in time\.sleep +cell 14:4", cells["blocks"])


def test_a_clean_cell_left_nothing(cells: dict[str, str]) -> None:
    assert "nothing: no loop" in cells["nothing left"]


def test_words_after_the_head_are_answered(cells: dict[str, str]) -> None:
    assert "`now` is not known after %%loopcheck" in cells["wrong head"]


def test_a_failing_cell_is_explained_like_a_test(cells: dict[str, str]) -> None:
    assert "`queue` belongs to" in cells["why"]
    assert "change   cell 17:1" in cells["why"]
    assert "No cause found" in cells["no cause"]
    assert "last failure: cell 19" in cells["later"]


def test_a_forgotten_await_is_found_in_the_cell_that_made_the_coroutine(
    cells: dict[str, str],
) -> None:
    assert "A coroutine of `open_shelf` was created and never awaited" in cells["forgotten"]
    assert "used     cell 24:1" in cells["forgotten"]
    assert "change   cell 23:2" in cells["forgotten"]


def test_after_unloading_the_magic_is_gone(cells: dict[str, str]) -> None:
    assert "Line magic function `%loopcheck` not found" in cells["gone"]
