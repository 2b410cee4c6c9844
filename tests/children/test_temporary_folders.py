"""Folders of a kernel: gone with it, and those of a killed kernel gone with the next."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from loopcheck.children import temporary_folders

pytestmark = pytest.mark.skipif(not temporary_folders.LOCKS, reason="Windows has no such locks")
KERNEL = """
from loopcheck.children import temporary_folders
kept = temporary_folders.Folder()
print(kept.path, flush=True)
input()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands in for the system's temporary one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path.resolve()


def kernel() -> tuple["subprocess.Popen[str]", Path]:
    """Start a process that makes a folder and waits; return both."""
    words, pipe = (sys.executable, "-c", KERNEL), subprocess.PIPE
    started = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def test_a_folder_goes_with_its_process(temporary: Path) -> None:
    started, folder = kernel()
    assert list(temporary.iterdir()) == [folder]
    started.communicate("\n")
    assert not list(temporary.iterdir())


def test_what_a_killed_process_left_is_swept_and_what_lives_is_not(temporary: Path) -> None:
    (killed, left), (lives, kept) = kernel(), kernel()
    killed.kill()
    killed.communicate()
    assert {*temporary.iterdir()} == {left, kept}
    temporary_folders.sweep()
    assert list(temporary.iterdir()) == [kept]
    lives.communicate("\n")


def test_nothing_of_others_is_swept(temporary: Path) -> None:
    (temporary / "loopcheck-of-somebody").mkdir()
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / f"{temporary_folders.PREFIX}link").symlink_to(elsewhere)
    temporary_folders.sweep()
    assert len(list(temporary.iterdir())) == 3


def test_a_folder_that_is_being_swept_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[Path] = []
    real = temporary_folders._locked

    def locked(folder: Path, *, alone: bool = False) -> int | None:
        if not swept:
            swept.append(folder)
            raise BlockingIOError
        return real(folder, alone=alone)

    monkeypatch.setattr(temporary_folders, "_locked", locked)
    with temporary_folders.Folder() as folder:
        assert folder.is_dir()
        assert folder not in swept
    assert not folder.exists()


def test_where_there_are_no_locks_a_folder_is_made_all_the_same(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary_folders, "LOCKS", False)
    with temporary_folders.Folder() as folder:
        temporary_folders.sweep()
        assert folder.is_dir()
