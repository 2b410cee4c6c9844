"""The guard: a server lives exactly as long as its owner, however either of them ends."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcheck.servers import _binary, _guarded
from loopcheck.servers.guard import family, libc

from ._owners import BOUND, CHECK, Owner, all_gone, files, gone, memory, memory_of, owner, parent

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.skipif(
        _binary.find() is None or _binary.find_postgres() is None, reason="a wheel is missing here"
    ),
]
OWNERS = int(os.environ.get("LOOPCHECK_OWNERS", "3"))
KILLS = int(os.environ.get("LOOPCHECK_KILLS", "10"))
SERVERS = ("valkey", "postgres")
TIES = {
    "kernel": "said = None",
    "deputy": "from loopcheck.servers import _guarded; _guarded.DEPUTY = True",
}
# A guard as where nothing tells of another process's end: macOS, Linux before 5.3.
NO_PIDFD = "del os.pidfd_open"
# A guard that is killed between the start of its server and the removal of the folder.
KILLED = "import signal; os.rmdir = lambda _: os.kill(os.getpid(), signal.SIGKILL)"
# A guard as if its server were killed in the moment before it tells of its shared memory.
UNTOLD = """
import builtins
theirs = builtins.open

def untold(file, *args, **more):
    if str(file).endswith("postmaster.pid"):
        raise FileNotFoundError(file)
    return theirs(file, *args, **more)

builtins.open = untold
"""
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
# A backend that looks at nothing but its own sum.
BUSY = """
from loopcheck.servers import faults
line = faults._postgres(server)
said = int(line.ask("SELECT pg_backend_pid()"))
line._send(b"Q", b"DO $$ BEGIN LOOP END LOOP; END $$\\0")
"""
FORK = """
child = os.fork()
if child == 0:
    signal.pause()
said = child
"""


@pytest.fixture(autouse=True, scope="module")
def no_shared_memory_is_left() -> Iterator[None]:
    before = memory() | files()
    yield
    until = time.monotonic() + BOUND  # other tests' servers may be ending this very moment
    while (left := (memory() | files()) - before) and time.monotonic() < until:
        pass
    assert not left


@pytest.fixture(
    params=[("valkey", "kernel"), ("valkey", "deputy"), ("postgres", "kernel")], ids="-".join
)
def owned(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Owner]:
    """An owner whose server is tied to its guard by the kernel, or by a deputy."""
    server, tie = request.param
    with owner(tmp_path, server) as one:
        one.do(TIES[tie])
        yield one


def test_a_killed_owner_takes_its_server_along(owned: Owner, tmp_path: Path) -> None:
    server, guard = owned.start()
    owned.kill()
    assert gone(server)
    assert gone(guard)
    assert all_gone(tmp_path)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("round_", range(KILLS))
def test_an_owner_killed_at_any_moment_leaves_nothing(
    server: str, round_: int, tmp_path: Path
) -> None:
    moment = random.uniform(0, {"valkey": 0.15, "postgres": 1.2}[server])  # a start, and a bit
    with owner(tmp_path, server) as one:
        assert one.do("said = 1") == 1  # it has imported what it needs
        one.send(one.to_start)
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
    owned.do("server._engine._speaks(10)")  # until the last of its processes lets go of the pipe
    assert owned.do("said = server.alive, server._engine.why_gone()") == [
        False,
        "its guard was killed",
    ]
    owned.do("server.stop()")


def test_a_deputy_takes_server_and_folder_along(tmp_path: Path) -> None:
    with owner(tmp_path, "postgres") as one:
        one.do(TIES["deputy"])
        server, guard = one.start()
        os.kill(guard, signal.SIGKILL)
        assert gone(server)
        one.do("server.stop()")


@pytest.mark.parametrize("kept", [False, True])
def test_a_guard_killed_while_data_are_made_leaves_nothing(kept: bool, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    given = f"folder={str(folder / 'data')!r}" if kept else ""
    with owner(folder, "postgres") as one:
        one.send(TRY.replace("valkey()", f"postgres({given})"))
        initdb = _worker(folder)
        os.kill(parent(initdb), signal.SIGKILL)
        said = one.hear()
        assert isinstance(said, str)
        assert said.startswith("PostgreSQL did not start")
        assert ": its guard ended: it was killed. " in said


def test_a_busy_backend_does_not_outlive_a_killed_server(tmp_path: Path) -> None:
    with owner(tmp_path, "postgres") as one:
        server, guard = one.start()
        busy = one.do(BUSY)
        assert isinstance(busy, int)
        os.kill(server, signal.SIGKILL)
        assert gone(busy)
        assert gone(guard)


@pytest.mark.parametrize("server", SERVERS)
def test_owners_at_once_have_a_healthy_server_each(server: str, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        owners = [Owner(tmp_path, server) for _ in range(OWNERS)]
        for one in owners:
            stack.callback(one.close)
            one.send(one.to_start)
        started = [one.hear(OWNERS * 5) for one in owners]
        ports = {each[2] for each in started if isinstance(each, list)}
        assert len(ports) == OWNERS, started
        for one in owners:
            one.send(CHECK)
        assert [one.hear() for one in owners] == [True] * OWNERS
    assert all_gone(tmp_path)


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


@pytest.mark.parametrize("tie", TIES)
def test_memory_that_no_file_tells_of_goes_with_its_server(tie: str, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with owner(folder, "postgres") as one:
        one.do(TIES[tie])
        _guard_by(one, UNTOLD, tmp_path / "guard.py")
        server, guard = one.start()
        assert memory_of(server)
        os.kill(server, signal.SIGKILL)
        assert gone(guard)
        assert not memory_of(server)


# As the server that initdb starts for itself: its pid is gone with it.
MAKES = """
import ctypes, os, sys
key = ctypes.c_int32(os.stat(sys.argv[1]).st_ino).value
print(ctypes.CDLL(None).shmget(key, 56, 0o1600))
"""


def test_memory_is_known_by_the_folder_that_it_was_made_for(tmp_path: Path) -> None:
    maker = [sys.executable, "-c", MAKES, str(tmp_path)]
    segment = int(subprocess.run(maker, capture_output=True, text=True, check=True).stdout)
    (tmp_path / "other").mkdir()
    try:
        assert family.memory_of((), str(tmp_path / "other")) == []
        assert family.memory_of((), str(tmp_path)) == [segment]
    finally:
        libc.forget(segment)
    assert family.memory_of((), str(tmp_path)) == []


# As a server that was killed, and a child of it that is not quite gone yet.
HELD = """
import ctypes, os, signal, sys
key = ctypes.c_int32(os.stat(sys.argv[1]).st_ino).value
c = ctypes.CDLL(None)
segment = c.shmget(key, 56, 0o1600)
c.shmat.restype = ctypes.c_void_p
assert c.shmat(segment, None, 0)
child = os.fork()
if child == 0:
    os.close(1)
    signal.pause()
os.write(1, b"%d %d" % (segment, child))
os._exit(0)
"""


def test_memory_of_an_ended_server_is_ours_while_a_child_still_holds_it(tmp_path: Path) -> None:
    maker = [sys.executable, "-c", HELD, str(tmp_path)]
    done = subprocess.run(maker, stdout=subprocess.PIPE, timeout=BOUND, check=True)
    segment, child = map(int, done.stdout.split())
    try:
        assert family.memory_of((), str(tmp_path)) == [segment]
        libc.forget(segment)
    finally:
        os.kill(child, signal.SIGKILL)
    assert gone(child)
    assert family.memory_of((), str(tmp_path)) == []


def test_memory_of_a_running_server_is_left_alone(tmp_path: Path) -> None:
    """Two disks number their folders alike: a key is no proof."""
    code = HELD.replace("child = os.fork()", "os.write(1, b'%d' % segment); signal.pause()")
    maker = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(maker, stdout=subprocess.PIPE, bufsize=0) as running:
        try:
            assert running.stdout
            segment = int(running.stdout.read(100) or b"")
            assert family.memory_of((), str(tmp_path)) == []
        finally:
            running.kill()
    assert family.memory_of((), str(tmp_path)) == [segment]
    libc.forget(segment)


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
    assert owned.process.wait(BOUND) == 0


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


def _worker(folder: Path) -> int:
    """Return the pid of the first process that works in a folder of *folder*."""
    until = time.monotonic() + BOUND
    while time.monotonic() < until:
        for at in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(at / "cwd").startswith(f"{folder}/"):
                    return int(at.name)
    raise AssertionError("nobody works there")
