"""A write into the project is whole or did not happen: on errors, and when it is killed."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from loopcheck.repair import atomic_write
from loopcheck.repair.atomic_write import Changes, WriteError

BEFORE, AFTER = b"add(1)\r\n", b"await add(1)\r\n"
STEPS = 6  # that need room: a list and two texts are put on the disk, then renamed
# Killed at its n-th step that changes something in the file system.
KILLED = """
import os, signal, sys
from pathlib import Path
from loopcheck.repair import atomic_write

left = int(sys.argv[2])

def step(event, args):
    global left
    changes = event in ("os.rename", "os.remove", "os.chmod") or (
        event == "open" and isinstance(args[2], int) and args[2] & os.O_CREAT)
    if changes:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

root = Path(sys.argv[1])
changes = {root / name: (b"add(1)\\r\\n", b"await add(1)\\r\\n") for name in ("a.py", "b.py")}
sys.addaudithook(step)
atomic_write.write(root, changes)
print(left)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(BEFORE)
    (tmp_path / "a.py").chmod(0o750)
    return tmp_path


def changes(root: Path) -> Changes:
    return {root / name: (BEFORE, AFTER) for name in ("a.py", "b.py")}


def held(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(root.iterdir())}


def test_all_files_are_written_with_their_permissions(root: Path) -> None:
    atomic_write.write(root, changes(root))
    assert held(root) == {"a.py": AFTER, "b.py": AFTER}
    assert (root / "a.py").stat().st_mode & 0o777 == 0o750


def test_a_file_that_has_changed_meanwhile_stops_the_write(root: Path) -> None:
    (root / "b.py").write_bytes(b"mine\n")
    with pytest.raises(WriteError, match=r"b\.py has changed"):
        atomic_write.write(root, changes(root))
    assert held(root) == {"a.py": BEFORE, "b.py": b"mine\n"}


@pytest.mark.parametrize("step", [*range(STEPS + 1)])
def test_a_full_disk_changes_nothing(
    root: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step that could need room; the clean-up needs none."""
    left = step

    def full(real: object) -> object:
        def call(*args: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(errno.ENOSPC, "No space left on device", str(root / "b.py"))
            return real(*args, **named)  # type: ignore[operator]

        return call

    monkeypatch.setattr(os, "fsync", full(os.fsync))
    monkeypatch.setattr(os, "replace", full(os.replace))
    if step < STEPS:
        with pytest.raises(WriteError, match=r"No space left on device\. Nothing was changed\."):
            atomic_write.write(root, changes(root))
        assert held(root) == {"a.py": BEFORE, "b.py": BEFORE}
    else:
        atomic_write.write(root, changes(root))
        assert held(root) == {"a.py": AFTER, "b.py": AFTER}


def test_a_read_only_file_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda file, mode: Path(file).name != "b.py")  # for root, too
    with pytest.raises(WriteError, match=r"b\.py: the file is read-only\. Nothing was changed"):
        atomic_write.write(root, changes(root))
    assert held(root) == {"a.py": BEFORE, "b.py": BEFORE}


def test_a_stop_in_the_middle_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.replace, []

    def replace(was: Path, made: Path) -> None:
        calls.append(made)
        if made.name == "b.py":
            raise KeyboardInterrupt
        real(was, made)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        atomic_write.write(root, changes(root))
    assert held(root) == {"a.py": BEFORE, "b.py": BEFORE}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_whoever_is_killed_at_any_step_leaves_all_or_nothing(root: Path) -> None:
    seen = set()
    for step in range(100):
        for file in root.iterdir():
            file.unlink()
        for name in ("a.py", "b.py"):
            (root / name).write_bytes(BEFORE)
        run = subprocess.run(
            [sys.executable, "-c", KILLED, str(root), str(step)], capture_output=True, check=False
        )
        assert all(one in (BEFORE, AFTER) for name, one in held(root).items() if name[0] != ".")
        atomic_write.finish(root)
        left = {name: one for name, one in held(root).items() if not name.endswith(".new")}
        assert set(left) == {"a.py", "b.py"}
        assert len(set(left.values())) == 1
        seen.add(left["a.py"])
        if run.returncode == 0:
            break
    assert run.returncode == 0, run.stderr
    assert seen == {BEFORE, AFTER}


def test_what_somebody_has_changed_after_a_kill_stays(root: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(root), "9"], capture_output=True, check=False)
    (root / "b.py").write_bytes(b"mine\n")
    atomic_write.finish(root)
    assert held(root)["b.py"] == b"mine\n"
    assert set(held(root)) == {"a.py", "b.py"}
