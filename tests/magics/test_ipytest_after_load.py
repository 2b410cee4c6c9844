"""`%%ipytest` works right after `%load_ext loopcheck`, as the README has it, and goes again."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

TESTS = """\
%%ipytest
import asyncio
import pytest

queue = asyncio.Queue()


@pytest.mark.asyncio
@pytest.mark.parametrize("n", [1, 2])
async def test_get(n):
    waiter = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(n)
    assert await asyncio.wait_for(waiter, 1) == n
"""
SETTINGS = "from ipytest import _config; print(_config.current_config)"
BY_HAND = "import ipytest; ipytest.autoconfig()"


def run(*cells: str) -> list[str]:
    """Return what each cell printed, or its error, in a fresh kernel."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    NotebookClient(notebook, allow_errors=True, timeout=60, kernel_name="python3").execute()
    return ["\n".join(map(_words, cell.outputs)) for cell in notebook.cells]


def _words(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return re.sub(r"\x1b\[\d+m", "", str(output.text))
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data["text/plain"])


def test_the_first_cell_of_tests_sets_ipytest_up_and_unloading_takes_it_away() -> None:
    _, before, _, tests, why, _, after, gone, by_hand, again = run(
        "import ipytest",
        SETTINGS,
        "%load_ext loopcheck",
        TESTS,
        "%loopcheck why",
        "%unload_ext loopcheck",
        SETTINGS,
        "%%ipytest\npass",
        BY_HAND,
        "%%ipytest\ndef test_one(): pass",
    )
    assert "1 failed, 1 passed" in tests
    assert "LC102 loop-mismatch" in why
    assert after == before
    assert "Cell magic `%%ipytest` not found" in gone
    assert not by_hand
    assert "1 passed" in again


@pytest.mark.parametrize("first", [(), (BY_HAND,)], ids=["ours", "set up by hand"])
def test_lines_of_a_cell_are_counted_as_its_reader_does(first: tuple[str, ...]) -> None:
    *_, why, plain, again = run(
        "%load_ext loopcheck",
        *first,
        TESTS,
        "%loopcheck why",
        "raise ValueError(1)",
        "%%ipytest\n\n\nimport pytest\n\ndef test_one():\n    assert not 1",
    )
    cell = 2 + len(first)
    assert f"change   cell {cell}:5   queue = asyncio.Queue()" in why
    assert plain == "ValueError: 1"
    assert ".py:7: AssertionError" in again


def test_a_cell_that_configures_ipytest_keeps_its_own_magic() -> None:
    *_, gone = run(
        "%load_ext loopcheck", BY_HAND, "%unload_ext loopcheck", "%%ipytest\ndef test_one(): pass"
    )
    assert "1 passed" in gone


def test_without_ipytest_the_magic_says_what_to_install() -> None:
    *_, said = run(
        "%load_ext loopcheck", "import sys; sys.modules['ipytest'] = None", "%%ipytest\npass"
    )
    missing = "`%%ipytest` needs the package ipytest: run `%pip install ipytest` first."
    assert said.strip() == f"UsageError: {missing}"


@pytest.mark.parametrize("cells", [("%load_ext loopcheck", "import sys; 'ipytest' in sys.modules")])
def test_loading_alone_imports_no_ipytest(cells: tuple[str, ...]) -> None:
    assert run(*cells)[-1] == "False"
