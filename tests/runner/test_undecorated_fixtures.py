"""Async fixtures that nothing runs are read from the text of a project; doubtful ones are left."""

from pathlib import Path

import pytest

from loopcheck.labels import Labels
from loopcheck.runner.undecorated_fixtures import find_undecorated_async_fixtures

BARE = """\
import pytest


@pytest.fixture
async def client():
    yield 1
"""
TEST = """\
import pytest


@pytest.mark.asyncio
async def test_reads(client):
    assert client == 1
"""


def found(folder: Path, conftest: str = BARE, test: str = TEST) -> list[str]:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "conftest.py").write_text(conftest)
    (folder / "tests" / "test_it.py").write_text(test)
    undecorated = find_undecorated_async_fixtures(folder, Labels(str(folder)))
    return [f"{one.place} {one.node.name}" for one in undecorated]


@pytest.mark.parametrize(
    "conftest",
    [
        BARE,
        BARE.replace("import pytest", "from pytest import fixture").replace("@pytest.", "@"),
        BARE.replace("import pytest", "import pytest as pt").replace("@pytest.", "@pt."),
        BARE.replace("@pytest.fixture", "@pytest.fixture(autouse=True)"),
    ],
)
def test_an_async_fixture_of_pytests_own_decorator_is_named(tmp_path: Path, conftest: str) -> None:
    assert found(tmp_path, conftest) == ["tests/conftest.py:5 client"]


@pytest.mark.parametrize(
    "conftest",
    [
        BARE.replace("pytest.fixture", "pytest_asyncio.fixture").replace("pytest\n", "x\n", 1),
        BARE.replace("async def", "def"),
        BARE.replace("import pytest", "from pytest_asyncio import fixture").replace("pytest.", ""),
        BARE.replace("@pytest.fixture", "@pytest.fixture\n@run_by_hand"),  # it may not be async
        BARE.replace("client()", "client(anyio_backend)"),
        f"{BARE}\n\ndef pytest_fixture_setup(fixturedef, request): ...\n",
        f"{BARE}\n\ndef pytest_configure(config):\n    config.option.asyncio_mode = 'auto'\n",
        f"{BARE}\n\npytest_plugins = ['aiohttp.pytest_plugin']\n",
        BARE.replace("async def client():", "async def client(:"),  # no Python
    ],
)
def test_a_fixture_that_something_may_run_is_left_alone(tmp_path: Path, conftest: str) -> None:
    assert found(tmp_path, conftest) == []


@pytest.mark.parametrize("runner", ["anyio", "trio", "asyncio_cooperative"])
def test_a_project_with_another_runner_is_left_alone(tmp_path: Path, runner: str) -> None:
    assert found(tmp_path, test=TEST.replace("mark.asyncio", f"mark.{runner}")) == []


def test_a_project_that_shows_no_pytest_asyncio_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, test="def test_reads(client): ...\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tox.ini", "[testenv]\ncommands = pytest --asyncio-mode=auto\n"),
        ("Makefile", "test:\n\tpytest --asyncio-mode auto\n"),
        (".github/workflows/tests.yml", "run: pytest --asyncio-mode=auto\n"),
        ("pytest.ini", "[pytest]\ntrio_mode = true\n"),
    ],
)
def test_a_mode_that_another_file_sets_leaves_all_alone(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    assert found(tmp_path) == []


def test_a_folder_with_settings_of_its_own_is_another_project(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    inner = tmp_path / "packages" / "shop"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[tool.pytest.ini_options]\nasyncio_mode = "auto"\n')
    assert found(inner) == ["tests/conftest.py:5 client"]  # whose mode the caller has read
    assert not find_undecorated_async_fixtures(tmp_path, Labels(str(tmp_path)))
