"""`%loopcheck fix`: the change for the project that ran last, or for the tests that are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from loopcheck.case import journal
from loopcheck.magics import cell_project, mending
from loopcheck.magics.mending import fix
from notebooks import Notebook, notebook

TESTS = """\
import pytest

stored = []


async def save(name):
    stored.append(name)


@pytest.mark.asyncio
async def test_saves():
    save("ada")
    assert stored == ["ada"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "test_shop.py").write_text(TESTS)
    (root / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_asyncio.plugin -p loopcheck.plugin")
    journal.clear()
    yield root
    journal.clear()


def test_the_project_that_ran_last_is_mended_and_written_if_asked(project: Path) -> None:
    journal.add(journal.Run(source="%pytest shop", root=str(project), tests=1, failed=1))
    shown = fix([])
    assert '+    await save("ada")' in shown.text
    assert "proved   `test_saves` passes 3 times" in shown.text
    assert shown.text.splitlines()[-1].endswith("%loopcheck fix --apply")
    assert "await save" in (shown.html or "")
    assert (project / "test_shop.py").read_text() == TESTS
    assert fix(["--apply"]).text.endswith("1 proved. Changed: test_shop.py")
    assert '    await save("ada")' in (project / "test_shop.py").read_text()


def test_the_tests_that_are_named_are_those_of_the_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / "test_plain.py").write_text("def test_plain():\n    pass\n")
    assert fix(["test_plain.py"]).text == "Nothing to fix: 1 test, no fault."
    with pytest.raises(UsageError, match=r"not found: .*test_none"):
        fix(["test_none.py"])


def test_a_cell_is_no_file(project: Path) -> None:
    journal.add(journal.Run(source="cell 5", failed=1))
    with pytest.raises(UsageError, match=r"%loopcheck fix mends tests.*%loopcheck why"):
        fix([])


SHOP = """\
class Shop:
    def __init__(self):
        self.items = []
    async def add(self, name):
        self.items.append(name)
"""
FIXTURE = """\
@pytest.fixture
def shop():
    return Shop()
print("a cell may do more")
"""
CELL = """\
%%ipytest -q
@pytest.mark.asyncio
async def test_add(shop):
    shop.add("tea")
    assert len(shop.items) == COUNT
"""


@pytest.fixture
def cells(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    monkeypatch.chdir(project)
    with notebook() as cells:
        monkeypatch.setattr(mending, "get_ipython", lambda: cells.shell)
        cells.shell.magics_manager.register_function(_run_tests, "cell", "ipytest")
        for text in ("import pytest, os", "COUNT = 1", SHOP, FIXTURE, CELL):
            cells.run(text)
        yield cells


def _run_tests(line: str, cell: str) -> None:
    journal.add(journal.Run(source="pytest", tests=1, failed=1))


def test_a_cell_is_mended_with_what_earlier_cells_define(cells: Notebook, project: Path) -> None:
    shown = fix([]).text
    assert '+    await shop.add("tea")' in shown
    assert "proved   `test_add` passes 3 times" in shown
    assert not hasattr(cells.shell, "rl_next_input")
    before = sorted(project.iterdir())
    assert fix(["--apply"]).text.endswith("The mended cell is below: run it.")
    assert cells.shell.rl_next_input == CELL.replace("shop.add", "await shop.add").rstrip()
    assert sorted(project.iterdir()) == before


def test_a_change_of_an_earlier_cell_is_shown_and_left_to_the_reader(cells: Notebook) -> None:
    cells.run("KEPT = []\nasync def save(name):\n    KEPT.append(name)\n")
    cells.run("def note(name):\n    save(name)\n")
    test = "@pytest.mark.asyncio\nasync def test_note():\n    note('a')\n    assert KEPT == ['a']\n"
    cells.run(f"%%ipytest\n{test}")
    shown = fix(["--apply"]).text
    assert "+    await save(name)" in shown
    assert "An earlier cell must change, too" in shown
    assert "await note('a')" in cells.shell.rl_next_input


def test_an_exercise_is_not_solved(cells: Notebook) -> None:
    cells.shell.magics_manager.register_function(_run_tests, "cell", "exercise")
    cells.run(f"%%exercise shop\n{CELL}")
    with pytest.raises(UsageError, match="%loopcheck fix mends tests"):
        fix([])


def test_only_what_a_cell_needs_is_in_its_project(tmp_path: Path) -> None:
    earlier = [
        "import os, json",
        "CLOSED = await close()\nOLD = 1\nNEW = OLD + 1",
        "%%ipytest\ndef helper():\n    return json.dumps(NEW)\n",
    ]
    body = "def test_a(client):\n    assert helper() == URL"
    with cell_project.written(f"%%ipytest\n{body}", earlier, {"URL": "a", "client": open}) as made:
        assert made.file.read_text() == f"from earlier_cells import URL, helper\n{body}\n"
        module = (made.folder / "earlier_cells.py").read_text()
        mended = made.file.read_text().replace("helper()", "await helper()")
        assert made.cell_of(f"import asyncio\n{mended}").splitlines()[:2] == [
            "%%ipytest",
            "import asyncio",
        ]
    assert module.splitlines() == [
        "import os, json",
        "URL = 'a'",
        "OLD = 1",
        "NEW = OLD + 1",
        "def helper():",
        "    return json.dumps(NEW)",
    ]
    assert not made.folder.exists()
