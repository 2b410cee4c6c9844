"""A search for one name in a project of a hundred modules parses the few that have it.

No module of this suite has the names and numbers below as words of their own.
"""

import asyncio
import gc
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fakeredis
import pytest

from loopcheck.labels import Labels
from loopcheck.process.pending import abandoned_generators
from loopcheck.process.stores import addresses, wrong_client_makers
from loopcheck.process.stores.unreachable import Address
from loopcheck.process.waiting import waits
from loopcheck.process.waiting.missed_wakes import thread_deliveries
from loopcheck.source import nearness, parsed_files
from loopcheck.source.coroutines import never_awaited

MODULES = 100
OTHERS = """\
PORTS = {port}, 17_779, "localhost:17779"


def brewer(tea, callback):
    return {{"tea": str(tea), "brewery": [callback]}}


def rebrew(path):
    return brewer(path.read_text(), print)
"""


@pytest.fixture
def files(tmp_path: Path, load: Callable[[str, str], ModuleType]) -> list[str]:
    """Load modules that have the names looked for in other words alone."""
    return [str(load(f"part_{n}", OTHERS.format(port=8_000 + n)).__file__) for n in range(MODULES)]


def parses(look: Callable[[], Any]) -> int:
    parsed_files.forget()
    before = parsed_files.parsed
    look()
    return parsed_files.parsed - before


def test_who_made_a_coroutine(files: list[str], request: pytest.FixtureRequest) -> None:
    names: dict[str, Any] = {}
    exec(compile("async def brew(): pass\nmade = brew()", __file__, "exec"), names)
    said = RuntimeWarning("coroutine 'brew' was never awaited")
    warned = warnings.WarningMessage(said, RuntimeWarning, gc.__name__, 3, source=names["made"])
    labels = Labels(str(Path(files[0]).parent))
    node = request.node
    assert parses(lambda: never_awaited.read(warned, node, [node], labels, late=True)) < MODULES / 2
    names["made"].close()


class Brewe(fakeredis.FakeAsyncRedis):
    """A client whose name is a part of other words."""


@pytest.mark.usefixtures("files")
def test_who_made_a_client(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    client, labels = Brewe(), Labels(str(tmp_path))
    assert parses(lambda: wrong_client_makers.find(client, request.node, labels)) < MODULES / 2


def test_who_left_a_generator(files: list[str]) -> None:
    assert parses(lambda: abandoned_generators.by_hand("brew", files, None, None)) == 0


@pytest.mark.usefixtures("files")
def test_who_set_an_address(tmp_path: Path) -> None:
    nothing: frozenset[Any] = frozenset()
    around = nearness.Near(nothing, (), (), frozenset(), nothing)
    wanted, labels = Address("10.98.7.6", 777), Labels(str(tmp_path))
    assert parses(lambda: addresses.read(wanted, around, labels)) < MODULES / 2


def test_a_sleep_that_runs_into_its_limit(files: list[str]) -> None:
    labels = Labels(str(Path(files[0]).parent))

    async def look() -> int:
        sleeper = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0)
        found, loop = [waits.of_task(sleeper)], asyncio.get_running_loop()
        try:
            return parses(lambda: thread_deliveries.at_limit(found, loop, None, labels))
        finally:
            sleeper.cancel()

    assert asyncio.run(look()) < MODULES / 2
