"""How hard it is tried: rounds, kills and a seed."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for one in ("modes", "lab", "servers", "faces"):  # pieces that other tests have
    sys.path.append(str(HERE.parent / one))

from tried import PLANTED, Planted, Table  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hard")
    group.addoption("--rounds", type=int, default=1, help="times that each part is gone through")
    group.addoption("--kills", type=int, default=10, help="moments at which something is killed")
    group.addoption("--seed", type=int, default=None, help="of what is chosen by chance")
    group.addoption("--write", action="store_true", help="write docs/reliability.md")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:
        config.option.seed = int.from_bytes(os.urandom(3), "big")


def pytest_report_header(config: pytest.Config) -> str:
    given = config.option
    return f"hard: --rounds={given.rounds} --kills={given.kills} --seed={given.seed}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `round_number` each of the rounds."""
    if "round_number" in metafunc.fixturenames:
        metafunc.parametrize("round_number", range(metafunc.config.option.rounds))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.option.collectonly:
        session.config.pluginmanager.register(Table(session.config), "hard-table")


@pytest.fixture(autouse=True)
def devices() -> Iterator[None]:
    """See that no device became a file: as root, what replaces a file can do that."""
    known = {
        one: os.lstat(one).st_mode for one in ("/dev/null", "/dev/stdout") if os.path.exists(one)
    }
    yield
    assert {one: os.lstat(one).st_mode for one in known} == known


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Return what chooses, by the seed and the test's own name."""
    return random.Random(f"{request.config.option.seed} {request.node.nodeid}")


@pytest.fixture
def planted(request: pytest.FixtureRequest) -> Planted:
    """Count faults that the test plants."""

    def count(number: int = 1) -> None:
        stash = request.node.stash
        stash[PLANTED] = stash.get(PLANTED, 0) + number

    return count


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep progress and settings among the tests."""
    home = tmp_path / "home"
    monkeypatch.setenv("LOOPCHECK_HOME", str(home))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return home
