"""Fixtures that anyio runs come up on the loop of the cells, all in one task as in anyio."""

from collections.abc import Iterator

import pytest

from notebooks import Notebook, notebook

FIXTURES = """\
import asyncio, anyio, pytest
from contextvars import ContextVar
log, tasks, said = [], [], ContextVar("said", default="nothing")
@pytest.fixture
def anyio_backend(): return "asyncio"
@pytest.fixture
async def group(anyio_backend):
    tasks.append(asyncio.current_task())
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()
    tasks.append(asyncio.current_task())
@pytest.fixture
async def echo(group, anyio_backend):
    said.set("echo")
    send, receive = anyio.create_memory_object_stream(9)
    async def work():
        async for one in receive:
            log.append(one)
    group.start_soon(work)
    async with send:
        yield send
@pytest.fixture
async def returned(anyio_backend):
    return asyncio.get_running_loop()
@pytest.fixture
async def breaks(echo, anyio_backend):
    raise ValueError("no such shop")
@pytest.fixture
async def worker_fails(group, anyio_backend):
    async def work():
        raise ValueError("no more work")
    group.start_soon(work)
    yield "up"
@pytest.fixture
async def stops(echo, anyio_backend):
    asyncio.current_task().cancel()
    await anyio.sleep(9)
"""


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        made.run(FIXTURES)
        yield made


def test_what_they_begin_goes_on_under_the_next_cells(cells: Notebook) -> None:
    cells.run("%asyncfixture up echo returned")
    cells.run("await echo.send('one'); await asyncio.sleep(0); await asyncio.sleep(0)")
    cells.run("await echo.send('two'); await asyncio.sleep(0); await asyncio.sleep(0)")
    assert cells["log"] == ["one", "two"]
    cells.run("assert returned is asyncio.get_running_loop(); await asyncio.sleep(0)")
    cells.run("seen = said.get()")
    assert cells["seen"] == "echo"


def test_one_task_enters_and_leaves_a_group_and_is_gone(cells: Notebook) -> None:
    cells.run("%asyncfixture up echo")
    said = cells.run("%asyncfixture down echo")
    assert "in this order: echo, group, anyio_backend" in said
    first, last = cells["tasks"]
    assert first is last
    cells.run("left = asyncio.all_tasks() - {asyncio.current_task()}; await asyncio.sleep(0)")
    assert not cells["left"]


@pytest.mark.parametrize(
    ("name", "words"), [("breaks", "ValueError: no such shop"), ("stops", "was stopped")]
)
def test_one_that_fails_takes_the_others_down(cells: Notebook, name: str, words: str) -> None:
    said = cells.refused(f"%asyncfixture up {name}")
    assert words in said
    assert "Down again: echo, group, anyio_backend." in said
    cells.run("left = asyncio.all_tasks() - {asyncio.current_task()}; await asyncio.sleep(0)")
    assert not cells["left"]


def test_a_group_whose_task_failed_is_heard_of_when_it_goes_down(cells: Notebook) -> None:
    cells.run("%asyncfixture up worker_fails")
    cells.run("await asyncio.sleep(0.01)")
    said = cells.run("%asyncfixture down worker_fails")
    assert "ExceptionGroup" in said
    assert "in this order: worker_fails, group, anyio_backend" in said


def test_trio_is_refused_and_its_parameter_is_named(cells: Notebook) -> None:
    cells.run(
        "@pytest.fixture(params=['trio', 'asyncio'])\n"
        "def anyio_backend(request): return request.param"
    )
    assert "its anyio_backend is trio" in cells.refused("%asyncfixture up returned")
    cells.run("%asyncfixture up returned[asyncio]")
