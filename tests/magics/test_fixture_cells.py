"""`%%asyncfixture`: the cell defines fixtures, may await, and hears at once what is wrong."""

from collections.abc import Iterator

import pytest

from notebooks import Notebook, in_a_kernel, notebook


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        yield made


def shown(cells: Notebook, capsys: pytest.CaptureFixture[str], cell: str) -> str:
    capsys.readouterr()
    cells.run(cell)
    return capsys.readouterr().out


def test_an_async_function_becomes_a_fixture_with_the_scopes_of_the_head(
    cells: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shown(cells, capsys, "%%asyncfixture --scope module\nasync def db():\n    yield 'db'")
    assert '@pytest_asyncio.fixture(scope="module",' in said
    assert 'loop_scope="module")' in said
    assert "the same" in said
    assert "well" in said
    assert "module" in cells.run("%asyncfixture up db")
    assert cells["db"] == "db"


def test_fixtures_with_a_decorator_keep_it_and_helpers_stay_functions(
    cells: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shown(
        cells,
        capsys,
        "%%asyncfixture --scope session\nimport pytest\n"
        "async def connect(): return 1\n@pytest.fixture\nasync def db(): yield await connect()",
    )
    assert "LC301 undecorated-async-fixture" in said
    assert "are for functions without a decorator" in said
    assert "Bring one up" not in said
    assert callable(cells["connect"])
    assert "connect " not in said  # no row of the table; the line to change calls it


def test_in_auto_mode_pytests_own_decorator_does(
    cells: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    said = " ".join(shown(cells, capsys, "%%asyncfixture\nasync def db(): return 1").split())
    assert "db @pytest_asyncio.fixture @pytest.fixture well" in said


def test_the_cell_may_await_and_keeps_its_line_numbers(cells: Notebook) -> None:
    cells.run(
        "%%asyncfixture\nimport asyncio\nx = await asyncio.sleep(0, 5)\nasync def db(): 1 / 0"
    )
    assert cells["x"] == 5
    assert ":4" in cells.refused("%asyncfixture up db")


def test_a_cell_without_a_fixture_is_told(
    cells: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "defines no fixture" in shown(cells, capsys, "%%asyncfixture\nx = 1")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("--scope modul", "invalid choice: 'modul'"),
        ("--scpe module", "unrecognized arguments: --scpe"),
        ("nothing", "unrecognized arguments: nothing"),
    ],
)
def test_a_wrong_head_runs_nothing(cells: Notebook, head: str, words: str) -> None:
    assert words in cells.refused(f"%%asyncfixture {head}\nran = True")
    assert "ran" not in cells


def test_later_tests_find_them_in_a_real_kernel(tmp_path: object) -> None:
    said = in_a_kernel(
        [
            "%load_ext loopcheck\nimport ipytest\nipytest.autoconfig(addopts=['-q'])",
            "%%asyncfixture\nasync def number():\n    yield 7",
            "%%ipytest\nimport pytest\n@pytest.mark.asyncio\n"
            "async def test_it(number):\n    assert number == 7",
        ],
        tmp_path,
    )
    assert "fixtures of this cell" in said[1]
    assert "1 passed" in said[2]
