"""`%loopcheck why` after ordinary cells that fail: what it says in the words of a notebook."""

from collections.abc import Iterator

import pytest

from notebooks import Notebook, notebook


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        yield made


def why(cells: Notebook, cell: str) -> str:
    """Return what is said of the failure of *cell*, in one line."""
    cells.shell.run_cell(cell, store_history=True)
    said = cells.shell.run_line_magic("loopcheck", "why")
    return " ".join(said.text.split())


def ran(cells: Notebook, *texts: str) -> None:
    for text in texts:
        cells.shell.run_cell(text, store_history=True).raise_error()


def test_a_metric_of_an_earlier_cell_is_not_laid_to_an_import(cells: Notebook) -> None:
    prometheus = "from prometheus_client import CollectorRegistry, Counter"
    ran(cells, f"{prometheus}\nown = CollectorRegistry()")
    ran(cells, "# the bakery\novens = Counter('ovens_total', 'ovens', registry=own)")
    said = why(cells, "ovens = Counter('ovens_total', 'ovens', registry=own)")
    assert "registers the Counter `ovens_total`, but cell:2 already registered" in said
    assert "import" not in said


def test_a_cell_that_makes_a_metric_and_is_run_again(cells: Notebook) -> None:
    ran(cells, "from prometheus_client import CollectorRegistry, Counter")
    ran(cells, "own = CollectorRegistry()")
    ran(cells, "ovens = Counter('ovens_total', 'ovens', registry=own)")
    said = why(cells, "ovens = Counter('ovens_total', 'ovens', registry=own)")
    assert "LC501 duplicate-metric (certain)" in said
    assert "sys.modules" not in said


TEST_CASE = """\
import unittest
class TestBuoy(unittest.IsolatedAsyncioTestCase):
    async def test_depth(self):
        await asyncio.sleep(0)
def run_tests():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestBuoy)
    unittest.TextTestRunner().run(suite)"""


def test_a_library_that_starts_loops_is_handed_to_a_thread(cells: Notebook) -> None:
    ran(cells, f"import asyncio\n{TEST_CASE}")
    said = why(cells, "async def main():\n    run_tests()\nasyncio.run(main())")
    assert "LC103 nested-run (certain)" in said
    assert "Run `unittest.TextTestRunner().run` in a thread" in said
    assert "Runner.close" not in said
    assert "shutdown_asyncgens" not in said


def test_what_an_earlier_cell_made_is_changed_there(cells: Notebook) -> None:
    ran(cells, "import asyncio, threading\njobs = asyncio.Queue()")
    ran(cells, "async def first():\n    await asyncio.wait_for(jobs.get(), 0.01)")
    ran(cells, "def work():\n    try:\n        asyncio.run(first())\n    except TimeoutError: pass")
    ran(cells, "thread = threading.Thread(target=work)\nthread.start(); thread.join()")
    said = why(cells, "await asyncio.wait_for(jobs.get(), 1)")
    assert "LC102 loop-mismatch" in said
    assert "change cell:2" in said


REPO = """\
class Repo:
    async def names(self):
        return ["tea"]
repo = Repo()"""


@pytest.mark.parametrize("taken", ["for name in repo.names(): pass", "[*repo.names()]"])
def test_an_await_forgotten_before_a_method_is_found_without_its_warning(
    cells: Notebook, taken: str
) -> None:
    ran(cells, REPO)
    said = why(cells, taken)
    assert "A coroutine of `Repo.names` was created and never awaited." in said
    assert "change cell:1" in said


CELLAR = """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool

class Base(DeclarativeBase):
    pass

class Wine(Base):
    __tablename__ = "wines"
    name: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int]

cellar = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = async_sessionmaker(cellar)
async with cellar.begin() as connection:
    await connection.run_sync(Base.metadata.create_all)
async with Session() as session:
    session.add(Wine(name="Hang", year=2019))
    await session.commit()"""


def test_a_database_in_cells_is_looked_at_as_in_tests(cells: Notebook) -> None:
    ran(cells, CELLAR)
    query = "async with Session() as session:\n    wine = await session.scalar(select(Wine))"
    said = why(cells, f"{query}\n    await session.commit()\n    wine.year")
    assert "LC607 missing-greenlet (certain)" in said
    assert "change cell:4" in said
    twice = "async with Session() as session:\n    session.add(Wine(name='Hang', year=1))"
    assert "No cause found" in why(cells, f"{twice}\n    await session.commit()")
    ran(cells, "await cellar.dispose()")
