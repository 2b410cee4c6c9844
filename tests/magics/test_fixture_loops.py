"""The table names the loops that each async fixture was set up on in the last run of tests."""

import re
from pathlib import Path

import pytest

from notebooks import in_a_kernel

FIXTURES = """\
import asyncio, pytest, pytest_asyncio
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(): yield asyncio.Queue()
@pytest_asyncio.fixture
async def client(engine): yield 1
@pytest_asyncio.fixture
async def once(): return 1
@pytest.fixture
async def by_anyio(anyio_backend): yield 1
@pytest_asyncio.fixture
async def unused(): yield 1
@pytest_asyncio.fixture
async def breaks(): raise ValueError
@pytest.fixture
def anyio_backend(): return "asyncio"
@pytest.fixture
def plain(client): return 1
"""
PASSING = """\
%%ipytest -p anyio
pytestmark = pytest.mark.asyncio
async def test_a(plain): pass
async def test_b(plain, once): pass
@pytest.mark.anyio
def test_c(by_anyio): pass
async def test_d(breaks): pass
"""
CROSSING = """\
%%ipytest
@pytest.mark.asyncio(loop_scope="module")
async def test_here(engine):
    asyncio.get_running_loop().call_soon(engine.put_nowait, 1)
    await engine.get()
@pytest.mark.asyncio
async def test_there(engine, once): await engine.get()
"""
SHOP = """\
%%project shop
# file: tests/conftest.py
import pytest_asyncio
@pytest_asyncio.fixture(scope="session")
async def engine(): yield 1
@pytest_asyncio.fixture
async def client(engine): yield 1
# file: tests/test_it.py
import pytest
@pytest.mark.asyncio
async def test_it(client): pass
"""
CELLS = {
    "load": "%load_ext loopcheck.lab",
    "define": FIXTURES,
    "before": "%asyncfixture",
    "run": PASSING,
    "passed": "%asyncfixture",
    "another failure": "1 / 0",
    "still passed": "%asyncfixture",
    "crossing": CROSSING,
    "crossed": "%asyncfixture",
    "up": "%asyncfixture up client plain",
    "is up": "%asyncfixture",
    "down": "%asyncfixture down --all",
    "is down": "%asyncfixture",
    "project": SHOP,
    "pytest": "%pytest shop",
    "none": "%asyncfixture --from shop",
    "shop": "%asyncfixture --from shop/tests",
    "notebook": "%asyncfixture",
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("notebook")
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    return dict(zip(CELLS, in_a_kernel(CELLS.values(), folder), strict=True))


def loops(said: str) -> dict[str, str]:
    """Return what stands in the column, by fixture; the words of a cell that has two lines joined.

    Columns are told apart by where they begin.
    """
    lines = said.partition("\n\n")[0].splitlines()
    head = next(line for line in lines if line.lstrip().startswith("fixture "))
    first = head.find("set up on")
    if first < 0:
        return {}
    last = head.find("  verdict", first)
    found: dict[str, str] = {}
    name = ""
    for line in lines[lines.index(head) + 1 :]:
        if re.match(r"  [A-E] = ", line):
            break
        name = line.split()[0] if re.match(r"  \w", line) else name
        cell = line[first : last if last > 0 else None].strip()
        found[name] = f"{found.get(name, '')} {cell}".strip()
    return {name: cell for name, cell in found.items() if cell}


def test_nothing_is_known_before_the_first_run(cells: dict[str, str]) -> None:
    assert loops(cells["before"]) == {}


def test_each_async_fixture_of_a_run_is_known_by_its_loops(cells: dict[str, str]) -> None:
    assert loops(cells["passed"]) == {
        "engine": "module loop of the cell",
        "client": "2 function loops",
        "once": "function loop of test_b",
        "breaks": "function loop of test_d",
        "by_anyio": "loop of anyio's test runner",
    }


def test_a_cell_that_fails_is_no_run_of_tests(cells: dict[str, str]) -> None:
    assert loops(cells["still passed"]) == loops(cells["passed"])


def test_a_failure_and_the_table_number_the_loops_alike(cells: dict[str, str]) -> None:
    assert "bound to a different event loop" in cells["crossing"]
    assert loops(cells["crossed"]) == {
        "engine": "loop 1",
        "once": "loop 2",
    }
    assert "LC106" in cells["crossed"]


def test_what_is_up_is_said_to_be_here(cells: dict[str, str]) -> None:
    up = dict.fromkeys(("engine", "client", "plain"), "up, here")
    assert loops(cells["is up"]) == {**loops(cells["crossed"]), **up}
    assert loops(cells["is down"]) == loops(cells["crossed"])


def test_a_project_of_the_lesson_is_known_by_its_name(cells: dict[str, str]) -> None:
    assert "none in this folder or above it; below it: tests/conftest.py" in cells["none"]
    assert "fixtures of shop/tests/conftest.py" in cells["shop"]
    assert loops(cells["shop"]) == {"engine": "session loop", "client": "function loop of test_it"}


def test_the_run_of_a_project_says_nothing_of_the_notebook(cells: dict[str, str]) -> None:
    assert loops(cells["notebook"]) == {}
