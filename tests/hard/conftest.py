"""How hard it is tried: rounds, kills and a seed."""

import os
import random
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
for one in ("modes", "lab", "servers", "plugin", "../scripts"):  # pieces that others have
    sys.path.append(str((HERE.parent / one).resolve()))

from tried import PLANTED, Planted, Table, count_planted  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hard")
    group.addoption("--rounds", type=int, default=1, help="times that each part is gone through")
    group.addoption("--kills", type=int, default=10, help="moments at which something is killed")
    group.addoption("--seed", type=int, default=None, help="of what is chosen by chance")
    group.addoption("--write", action="store_true", help="write docs/reliability.md")


def pytest_configure(config: pytest.Config) -> None:
    """Choose a seed, one for all workers; whoever started them keeps the table."""
    sent = getattr(config, "workerinput", None)
    if sent:
        config.option.seed = sent["seed"]
        return
    if config.option.seed is None:
        config.option.seed = int.from_bytes(os.urandom(3), "big")
    if not config.option.collectonly:
        config.pluginmanager.register(Table(config), "hard-table")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Send a worker the seed: xdist hands on what was typed, and not what became of it."""
    node.workerinput["seed"] = node.config.option.seed


def pytest_report_header(config: pytest.Config) -> str:
    given = config.option
    return f"hard: --rounds={given.rounds} --kills={given.kills} --seed={given.seed}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test each of the rounds, or of the kills, if it asks for their number."""
    option = metafunc.config.option
    for name, count in (("round_number", option.rounds), ("kill_number", option.kills)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, range(count))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the kills evenly between the rest: they mostly wait, and the rest keeps cores busy."""
    kills = [one for one in items if "kill_number" in getattr(one, "fixturenames", ())]
    rest = [one for one in items if one not in kills]
    share = [(each + 0.5) / len(part) for part in (kills, rest) for each in range(len(part))]
    by_share = sorted(zip(share, range(len(items)), [*kills, *rest], strict=True))
    items[:] = [item for _, _, item in by_share]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    made = yield
    count_planted(item, made)
    return made


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
