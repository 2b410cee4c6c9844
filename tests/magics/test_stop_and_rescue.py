"""Stop and rescue in a real kernel: what hangs ends, the kernel goes on, and print works again.

All tests share one kernel; one that a test leaves busy is replaced.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Stop is another thing there")

LONG = 40.0  # the first cell of tests imports pytest and its plugins
SOON = 30.0  # on a busy machine; what is to be ended would go on for a minute at least
SETTINGS = """\
[pytest]
asyncio_mode = strict
asyncio_default_fixture_loop_scope = function
"""
SET_UP = """\
%load_ext loopcheck
import asyncio, threading, time
import ipytest, pytest, pytest_asyncio
from loopcheck.magics.rescue import rescue
from loopcheck import clock
from loopcheck.watch.runs import pytest_runs as runs
ipytest.autoconfig(addopts=["-q", "--color=no", "-p", "no:randomly", "-p", "no:cacheprovider"])
began = threading.Event()
go_on = threading.Event()
"""
RELEASE = """\
go_on.set()
for left in runs.running():
    assert clock.until(left.gone, 20)
"""
GREEN = "%%ipytest\ndef test_green(): pass"


class Cell:
    """One execution: what it printed, and how it ended."""

    def __init__(self, client: BlockingKernelClient, code: str, subshell: str | None) -> None:
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = client.session.msg("execute_request", {**content, "user_expressions": {}})
        message["header"]["subshell_id"] = subshell
        client.shell_channel.send(message)
        self.id, self.text, self.status = message["header"]["msg_id"], "", ""
        self.idle = False

    def take(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "execute_reply":
            self.status = "ok" if content["status"] == "ok" else str(content.get("ename"))
        elif kind == "status":
            self.idle = content["execution_state"] == "idle"
        elif kind == "stream":
            self.text += content["text"]
        elif kind == "error":  # also of a cell within this one, which `%%ipytest` runs
            self.text += f"{content['ename']}: {content['evalue']}\n"
        elif kind == "execute_result":
            self.text += content["data"]["text/plain"] + "\n"


class Kernel:
    """A kernel with loopcheck in it, a subshell, and a Stop button."""

    def __init__(self, folder: Path) -> None:
        self.manager = KernelManager(kernel_name="python3")
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        self.manager.start_kernel(cwd=str(folder), env=env)
        self.client: BlockingKernelClient = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LONG)
        self.cells: dict[str, Cell] = {}
        self.channels: list[Any] = [self.client.iopub_channel, self.client.shell_channel]
        self.poller = zmq.Poller()
        for channel in self.channels:
            self.poller.register(channel.socket, zmq.POLLIN)
        self.subshell = self._make_subshell()
        self.done(SET_UP, LONG)
        self.done(GREEN, LONG)

    def _make_subshell(self) -> str:
        message = self.client.session.msg("create_subshell_request")
        self.client.control_channel.send(message)
        reply = self.client.control_channel.get_msg(timeout=LONG)
        return str(reply["content"]["subshell_id"])

    def begin(self, code: str, *, subshell: bool = False) -> Cell:
        cell = Cell(self.client, code, self.subshell if subshell else None)
        self.cells[cell.id] = cell
        return cell

    def ended(self, cell: Cell, seconds: float = SOON) -> bool:
        """Return whether *cell* ends in time."""
        return self.until(lambda: bool(cell.status) and cell.idle, seconds)

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Return whether *true* comes true in time; takes the messages of all."""
        end = monotonic() + seconds
        while not true() and (left := end - monotonic()) > 0:
            ready = {socket for socket, _ in self.poller.poll(int(left * 1_000) + 1)}
            for channel in self.channels:
                if channel.socket in ready:
                    self.take(channel.get_msg(timeout=SOON))
        return true()

    def take(self, message: dict[str, Any]) -> None:
        owner = self.cells.get(message["parent_header"].get("msg_id", ""))
        if owner is not None:
            owner.take(message)

    def done(self, code: str, seconds: float = SOON, *, subshell: bool = False) -> str:
        """Run *code* and return what it printed; it must end well and in time."""
        cell = self.begin(code, subshell=subshell)
        assert self.ended(cell, seconds), f"still running: {code}\n{cell.text}"
        assert cell.status == "ok", f"{cell.status}\n{cell.text}"
        return cell.text

    def hanging(self, code: str) -> Cell:
        """Begin *code* and wait until it says that it hangs: `began.set()`.

        Who waits is compiled before: older Pythons (3.11.7) may refuse to compile in two threads.
        """
        self.done("began.clear(); go_on.clear()", subshell=True)
        waits = self.begin("print('waits'); began.wait(30)", subshell=True)
        assert self.until(lambda: "waits" in waits.text, SOON)
        cell = self.begin(code)
        assert self.ended(waits, LONG)
        assert "True" in waits.text, f"{waits.text}\n{cell.status}\n{cell.text}"
        assert not cell.status
        return cell

    def stop(self, cell: Cell, seconds: float) -> float | None:
        """Press Stop; return how long *cell* took to end, None if it did not in *seconds*."""
        pressed = monotonic()
        self.manager.interrupt_kernel()
        return monotonic() - pressed if self.ended(cell, seconds) else None

    def stop_again(self, cell: Cell) -> float | None:
        """Press Stop once more, or a third time if the first two came as one signal.

        They do where the kernel gets no processor in between.
        """
        took = self.stop(cell, SOON / 3)
        return took if took is not None else self.stop(cell, SOON)

    def healthy(self) -> bool:
        cell = self.begin("print('st' + 'ill')")
        return self.ended(cell) and cell.text == "still\n"

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


_kernels: list[Kernel] = []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("stop")
    (made / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    yield made
    while _kernels:
        _kernels.pop().end()


@pytest.fixture
def kernel(folder: Path) -> Iterator[Kernel]:
    if not _kernels:
        _kernels.append(Kernel(folder))
    [kernel] = _kernels
    well = False
    try:
        yield kernel
        well = kernel.healthy()
    finally:
        if not well:  # the next test gets another one
            _kernels.remove(kernel)
            kernel.end()
    assert well, "print does not work afterwards"


def report(what: str, seconds: float) -> None:
    print(f"{what}: {seconds:.2f} s")


@pytest.mark.parametrize(
    "code",
    [
        "began.set(); await asyncio.Event().wait()",
        "began.set(); await asyncio.sleep(3600)",
        "began.set(); await asyncio.gather(asyncio.sleep(3600), asyncio.Event().wait())",
        "began.set()\nasync with asyncio.TaskGroup() as all: all.create_task(asyncio.sleep(99))",
    ],
)
def test_a_cell_that_awaits_ends_at_the_first_stop(kernel: Kernel, code: str) -> None:
    cell = kernel.hanging(code)
    took = kernel.stop(cell, SOON)
    assert took is not None
    assert cell.status == "CancelledError"
    report("awaiting cell", took)


def test_a_stopped_cell_is_not_looked_at_like_a_failing_one(kernel: Kernel) -> None:
    """Stop is for people who don't want to wait: a look loads a hundred modules of ours."""
    loaded = "print('loopcheck.modes.diagnose' in sys.modules)"
    kernel.done(
        "import sys\nfor name in [n for n in sys.modules if n.startswith('loopcheck.modes')]:"
        " del sys.modules[name]"
    )
    cell = kernel.hanging("began.set(); await asyncio.Event().wait()")
    assert kernel.stop(cell, SOON) is not None
    assert kernel.done("%loopcheck why").startswith("Nothing to explain: Stop ended cell ")
    assert kernel.done(loaded) == "False\n"
    cell = kernel.begin("task = asyncio.ensure_future(asyncio.sleep(9)); task.cancel(); await task")
    assert kernel.ended(cell, LONG)
    assert cell.status == "CancelledError"
    assert "Stop" not in kernel.done("%loopcheck why")


SWALLOWS = """\
async def stubborn():
    while True:
        try:
            began.set()
            await asyncio.Event().wait()
        except {}:
            pass
await stubborn()
"""
SPINS = """\
async def spin():
    began.set()
    while True:
        pass
await spin()
"""
SPINS_AND_SWALLOWS = """\
async def spin():
    while True:
        try:
            began.set()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            pass
await spin()
"""


@pytest.mark.parametrize(
    "caught", ["asyncio.CancelledError", "(Exception, asyncio.CancelledError)"]
)
def test_a_second_stop_ends_a_cell_that_swallows_the_first(kernel: Kernel, caught: str) -> None:
    cell = kernel.hanging(SWALLOWS.format(caught))
    assert kernel.stop(cell, 0.3) is None
    took = kernel.stop_again(cell)
    assert took is not None
    assert cell.status == "Stopped"
    report("second Stop", took)


def test_a_second_stop_ends_a_coroutine_that_spins(kernel: Kernel) -> None:
    cell = kernel.hanging(SPINS)
    assert kernel.stop(cell, 0.3) is None
    took = kernel.stop_again(cell)
    assert took is not None
    assert cell.status == "Stopped"


def test_a_plain_cell_still_ends_with_keyboard_interrupt(kernel: Kernel) -> None:
    cell = kernel.hanging("began.set(); time.sleep(60)")
    assert kernel.stop(cell, SOON) is not None
    assert cell.status == "KeyboardInterrupt"


@pytest.mark.parametrize(
    ("code", "says", "ends"),
    [
        ("began.set(); await asyncio.Event().wait()", "was cancelled", "CancelledError"),
        (SWALLOWS.format("asyncio.CancelledError"), "what it awaits raised", "Stopped"),
        (SPINS, "never yielded to the loop", "Stopped"),
        (SPINS_AND_SWALLOWS, "what it awaits raised", "RuntimeError"),
        ("async def f():\n began.set(); time.sleep(60)\nawait f()", "never yielded", "Stopped"),
        ("began.set(); time.sleep(60)", "was interrupted", "KeyboardInterrupt"),
    ],
)
def test_rescue_from_a_subshell_ends_the_main_cell(
    kernel: Kernel, code: str, says: str, ends: str
) -> None:
    cell = kernel.hanging(code)
    began = monotonic()
    said = kernel.done("rescue([])", subshell=True)
    report("rescue", monotonic() - began)
    assert says in said
    assert "The cell (at cell " in said
    assert kernel.ended(cell)
    assert cell.status == ends


def test_rescue_ends_a_task_that_lets_no_cell_begin(kernel: Kernel) -> None:
    kernel.done("began.clear()\nasync def spin():\n  began.set()\n  while True: pass")
    kernel.done("task = asyncio.create_task(spin()); None")
    kernel.done("began.wait(10)", subshell=True)
    said = kernel.done("rescue([])", subshell=True)
    assert said.startswith("A task (at cell ")
    assert "Stopped" in kernel.done("print(type(task.exception()).__name__)")


def test_where_nothing_hangs_rescue_says_so(kernel: Kernel) -> None:
    for subshell in (False, True):
        assert kernel.done("rescue([])", subshell=subshell).startswith("Nothing hangs: ")


FIXTURES = """\
@pytest_asyncio.fixture
async def hangs():
    began.set()
    await asyncio.Event().wait()
@pytest.fixture
def plain():
    return 1
"""


def test_a_subshell_does_not_wait_for_the_fixtures_of_a_cell_that_hangs(kernel: Kernel) -> None:
    kernel.done(FIXTURES)
    kernel.done("%asyncfixture up plain\n%asyncfixture down plain", LONG)  # imports, by now
    cell = kernel.hanging("%asyncfixture up hangs")
    for line in ("%asyncfixture", "%asyncfixture down --all", "%asyncfixture fix hangs"):
        other = kernel.begin(line, subshell=True)
        assert kernel.ended(other, LONG)
        assert "busy in another cell" in other.text or "Nothing is up" in other.text
    assert kernel.stop(cell, LONG) is not None
    assert "was stopped in its set-up" in cell.text


def test_fixtures_come_up_where_all_cells_can_use_them(kernel: Kernel) -> None:
    kernel.done(FIXTURES)
    other = kernel.begin("%asyncfixture up plain", subshell=True)
    assert kernel.ended(other, LONG)
    assert "set it up in a cell of the notebook" in other.text
    kernel.done("%asyncfixture up plain", LONG)
    assert "down: plain" in kernel.done("%asyncfixture down plain", LONG, subshell=True)


HANGS = """\
%%ipytest
@pytest.mark.asyncio
async def test_hang():
    began.set()
    await asyncio.Event().wait()

def test_after():
    raise AssertionError("a stopped run goes no further")
"""
HANGS_STUBBORN = """\
%%ipytest
@pytest.mark.asyncio
async def test_stubborn():
    while True:
        try:
            began.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass
"""
HANGS_CATCHING_ALL = """\
%%ipytest
@pytest.mark.asyncio
async def test_stubborn():
    while not go_on.is_set():
        try:
            began.set()
            await asyncio.sleep(0.1)
        except BaseException:
            pass
"""
HANGS_IN_C = """\
%%ipytest
def test_sleeps():
    began.set()
    assert not go_on.wait(30)
"""
HANGS_BLOCKED_LOOP = """\
%%ipytest
@pytest.mark.asyncio
async def test_sleeps():
    began.set()
    assert not go_on.wait(30)
"""
HANGS_SPINNING = """\
%%ipytest
@pytest.mark.asyncio
async def test_spins():
    began.set()
    while True:
        pass
"""
HANGS_IN_TEARDOWN = """\
%%ipytest
@pytest_asyncio.fixture
async def closes():
    yield
    await asyncio.Event().wait()

@pytest.mark.asyncio
async def test_hang(closes):
    began.set()
    await asyncio.Event().wait()
"""
RUNS = [
    pytest.param(HANGS, "was cancelled and ended", id="awaits"),
    pytest.param(HANGS_STUBBORN, "what it awaits raised an error", id="swallows"),
    pytest.param(HANGS_CATCHING_ALL, "catches every error and goes on", id="catches everything"),
    pytest.param(HANGS_IN_C, "blocks its thread", id="blocks"),
    pytest.param(HANGS_BLOCKED_LOOP, "blocks its thread", id="blocks its loop"),
    pytest.param(HANGS_SPINNING, "never yielded to the loop", id="spins"),
    pytest.param(HANGS_IN_TEARDOWN, "was cancelled and ended", id="hangs in teardown too"),
]


@pytest.mark.parametrize(("code", "says"), RUNS)
def test_after_stop_of_hung_tests_print_and_ipytest_work(
    kernel: Kernel, code: str, says: str
) -> None:
    cell = kernel.hanging(code)
    took = kernel.stop(cell, SOON)
    assert took is not None
    assert cell.status == "KeyboardInterrupt"
    assert says in cell.text
    assert "(at cell " in cell.text
    assert "test_after" not in cell.text
    # Python says once what a stubborn coroutine raises as it is freed, in whichever cell that is.
    assert kernel.healthy() or kernel.healthy()
    report("hung tests", took)
    assert "1 passed" in kernel.done(GREEN, LONG)
    assert kernel.done(RELEASE, LONG) == ""


@pytest.mark.parametrize(("code", "says"), RUNS[:3])
def test_rescue_from_a_subshell_ends_hung_tests(kernel: Kernel, code: str, says: str) -> None:
    cell = kernel.hanging(code)
    said = kernel.done("rescue([])", subshell=True)
    assert says in said
    assert kernel.ended(cell)
    assert cell.status == ("ok" if "ended" in said.splitlines()[0] else "KeyboardInterrupt")
    assert kernel.done(RELEASE, LONG) == ""
    assert "1 passed" in kernel.done(GREEN, LONG)


HANGS_UNDER_A_LIMIT = """\
%%ipytest --loopcheck-hang=0.3
import asyncio
import pytest

@pytest.mark.asyncio
async def test_hang():
    await asyncio.Event().wait()
"""


def test_a_test_ended_by_its_limit_names_its_cell_by_number(kernel: Kernel) -> None:
    said = kernel.done(HANGS_UNDER_A_LIMIT, LONG)
    assert re.search(r"`test_hang` at cell \d+:7 waits", said), said


def test_unloading_leaves_the_signals_as_they_were(kernel: Kernel) -> None:
    state = "[signal.getsignal(n) for n in signal.valid_signals()], fd()"
    kernel.done(
        "import signal\n"
        "def fd():\n    found = signal.set_wakeup_fd(-1); signal.set_wakeup_fd(found)\n"
        "    return found"
    )
    kernel.done(f"%unload_ext loopcheck\nbefore = {state}\nassert before[1] == -1")
    kernel.done(f"%load_ext loopcheck\nassert ({state}) != before")
    kernel.done(f"%unload_ext loopcheck\nassert ({state}) == before")
    kernel.done("%load_ext loopcheck")
