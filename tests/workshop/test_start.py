"""How a learner's server starts: with their copy, which stays theirs, and within its memory."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
START, LESSONS = ROOT / "workshop" / "start.py", ROOT / "notebooks"
WITH_HUB = ROOT / "workshop" / "with_hub.py"
# A Hub with a service, which says that it is up and stays.
HUB = """
import subprocess, sys
stays = "import signal; print('up', flush=True); signal.pause()"
subprocess.run([sys.executable, *sys.argv[1:], sys.executable, "-c", stays])
"""
LESSON = "lc102_loop_mismatch.ipynb"


def started(home: Path, code: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Start as the Hub does; *code* is the learner's server."""
    return subprocess.run(
        (sys.executable, START, sys.executable, "-c", code),
        env=os.environ | {"HOME": str(home), "USERPROFILE": str(home)} | env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


def cells(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))["cells"]


def all_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a course folder with one lesson, that nobody may write to."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in (LESSON, "pytest.ini", "conftest.py", "nbval-sanitize.cfg"):
        (folder / name).write_bytes((LESSONS / name).read_bytes())
        (folder / name).chmod(stat.S_IREAD)
    folder.chmod(stat.S_IREAD | stat.S_IEXEC)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a learner's folder: empty, as a Hub makes it."""
    folder = tmp_path / "ada"
    folder.mkdir()
    return folder


def test_the_server_finds_all_lessons_in_an_empty_folder(home: Path) -> None:
    done = started(home, "import os; print(sorted(os.listdir('workbook')))")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for lesson in LESSONS.glob("*.ipynb"):
        assert lesson.name in done.stdout
    assert "solutions" not in done.stdout
    assert not any(cell.get("outputs") for cell in cells(home / "workbook" / LESSON))


def test_what_a_learner_changed_stays_and_the_source_is_only_read(home: Path, source: Path) -> None:
    before = all_of(source)
    assert started(home, "", LOOPCHECK_LESSONS=str(source)).stderr == ""
    mine = home / "workbook" / LESSON
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = "# what I found out"
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    now = all_of(home / "workbook")
    for _ in range(2):
        assert started(home, "", LOOPCHECK_LESSONS=str(source)).stderr == ""
        assert all_of(home / "workbook") == now
    assert cells(mine)[0]["source"] == "# what I found out"
    assert all_of(source) == before
    assert os.access(mine, os.W_OK)  # though its source is read-only


@pytest.mark.parametrize("kind", ["other files", "a file in the way", "no lesson"])
def test_a_copy_that_cannot_be_made_keeps_nobody_out(home: Path, kind: str) -> None:
    env = {"LOOPCHECK_LESSONS": str(home)} if kind == "no lesson" else {}
    if kind == "other files":
        (home / "workbook").mkdir()
        (home / "workbook" / "mine.txt").touch()
    elif kind == "a file in the way":
        (home / "workbook").touch()
    done = started(home, "print('served')", **env)
    assert done.stdout == "served\n"
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("loopcheck: ")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to it")
def test_too_much_memory_is_refused_to_the_cell_and_to_what_it_starts(home: Path) -> None:
    much = "try: bytearray(600 << 20)\nexcept MemoryError: print('refused', flush=True)\n"
    code = f"{much}import subprocess, sys; subprocess.run([sys.executable, '-c', {much!r}])"
    assert started(home, code, MEM_LIMIT=str(512 << 20)).stdout == "refused\n" * 2
    assert started(home, code, MEM_LIMIT=str(1 << 30)).stdout == ""
    assert started(home, code).stdout == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's end")
def test_a_service_ends_with_a_hub_that_is_killed() -> None:
    hub = subprocess.Popen(
        (sys.executable, "-c", HUB, WITH_HUB), stdout=subprocess.PIPE, start_new_session=True
    )
    with hub:
        assert hub.stdout is not None
        assert hub.stdout.readline() == b"up\n"
        try:
            hub.kill()
            # The service has the same output: it ends when both are gone.
            assert hub.communicate(timeout=20)[0] == b""
        except subprocess.TimeoutExpired:
            os.killpg(hub.pid, signal.SIGKILL)
            raise
