"""Fixtures that are up in a real kernel: used by cells and tests, ended by Stop and exit."""

from pathlib import Path

import pytest

from notebooks import in_a_kernel

CELLS = {
    "load": "%load_ext loopcheck",
    "define": """\
import asyncio, os, signal, threading, time
from contextvars import ContextVar
from pathlib import Path
import ipytest, pytest, pytest_asyncio
ipytest.autoconfig(addopts=["-q", "--color=no", "-p", "no:cacheprovider"])
HERE, log = asyncio.get_running_loop(), []
var = ContextVar("var", default=0)
def stop():
    os.kill(os.getpid(), signal.SIGINT)
@pytest_asyncio.fixture
async def engine():
    log.append("+engine")
    var.set(1)
    yield asyncio.get_running_loop()
    assert asyncio.get_running_loop() is HERE
    log.append("-engine")
    Path("engine_down").touch()
@pytest_asyncio.fixture
async def server(engine):
    made = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    async with made:
        yield made
@pytest_asyncio.fixture
async def hangs(server):
    asyncio.get_running_loop().call_soon(stop)
    log.append("+hangs")
    try:
        await asyncio.Event().wait()
    finally:
        log.append("-hangs")
    yield
@pytest_asyncio.fixture
async def goes_on(server):
    asyncio.get_running_loop().call_soon(stop)
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            asyncio.get_running_loop().call_soon(stop)
    yield
@pytest.fixture
def blocks(server):
    over = threading.Event()
    def press():
        while not over.wait(0.1):
            stop()
    threading.Thread(target=press).start()
    try:
        time.sleep(50)
    finally:
        over.set()
def opened():
    for one in Path("/proc/self/fd").iterdir():
        if one.is_symlink() and (there := os.readlink(one)).startswith(("socket", "/")):
            yield there
def left():
    own = asyncio.current_task()
    tasks = [t.get_coro().__qualname__ for t in asyncio.all_tasks() - {own}]
    return sorted(t for t in tasks if "shell_main" not in t and "run_in_context" not in t
                  and "run_cell_async" not in t), log, set(opened())""",
    "up": "%asyncfixture up server",
    "use": "server.is_serving(), server.get_loop() is HERE",
    "use again": "await asyncio.sleep(0)\nserver.is_serving()",
    "context": "var.get()",
    "context of await": "await asyncio.sleep(0)\nvar.get()",
    "tests": """\
%%ipytest
@pytest.mark.asyncio
async def test_the_definition_is_found(server):
    assert server.get_loop() is asyncio.get_running_loop() is not HERE""",
    "fixtures of the run": "%loopcheck fixtures",
    "use after": "server.get_loop() is HERE",
    "down": "%asyncfixture down --all",
    "context after": "var.get()",
    "plain": "@pytest.fixture\ndef plain():\n    yield print('set up')\n    print('torn down')",
    "plain up": "%asyncfixture up plain",
    "said": "print('said')\n'shown'",
    "plain down": "%asyncfixture down plain",
    "clean": "log.clear()\nfiles = left()[2]",
    "hangs": "%asyncfixture up hangs",
    "after hangs": "left()[:2], left()[2] - files",
    "goes on": "log.clear()\n%asyncfixture up goes_on",
    "after goes on": "left()[:2], left()[2] - files",
    "blocks": "log.clear()\n%asyncfixture up blocks",
    "after blocks": "left()[:2], left()[2] - files",
    "again": "log.clear()\nPath('engine_down').unlink()\n%asyncfixture up server",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("notebook")
    (made / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n", encoding="utf-8"
    )
    return made


@pytest.fixture(scope="module")
def cells(folder: Path) -> dict[str, str]:
    return dict(zip(CELLS, in_a_kernel(CELLS.values(), folder), strict=True))


def test_the_next_cells_use_it_on_their_own_loop(cells: dict[str, str]) -> None:
    assert "server is up: a Server, on the loop of this cell" in cells["up"]
    assert cells["use"] == "(True, True)"
    assert cells["use again"] == "True"


def test_what_is_printed_stays_with_its_cell(cells: dict[str, str]) -> None:
    assert cells["plain up"].startswith("set up\n")
    assert cells["said"].split() == ["said", "'shown'"]
    assert cells["plain down"].startswith("torn down\n")


def test_cells_see_what_the_fixture_set_in_its_context(cells: dict[str, str]) -> None:
    assert (cells["context"], cells["context of await"], cells["context after"]) == ("1", "1", "0")


def test_tests_find_the_definition_while_its_name_has_the_value(cells: dict[str, str]) -> None:
    assert "1 passed" in cells["tests"], cells["tests"]
    assert "cell 2:" in cells["fixtures of the run"]
    assert cells["use after"] == "True"
    assert cells["down"].startswith("down: server")


@pytest.mark.parametrize("how", ["hangs", "goes on", "blocks"])
def test_stop_in_the_middle_of_a_set_up_leaves_nothing(cells: dict[str, str], how: str) -> None:
    assert "was stopped in its set-up" in cells[how], cells[how]
    assert "Down again: server, engine." in cells[how]
    log = (
        "['+engine', '+hangs', '-hangs', '-engine']" if how == "hangs" else "['+engine', '-engine']"
    )
    assert cells[f"after {how}"].replace("\n", "") == f"(([], {log}), set())"


def test_the_end_of_the_kernel_brings_all_down(cells: dict[str, str], folder: Path) -> None:
    assert "server is up" in cells["again"]
    assert (folder / "engine_down").is_file()
