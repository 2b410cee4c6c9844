"""Progress: whole or not at all, never lost, and told in one line when it cannot be kept."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from loopcheck.lab import exercises
from loopcheck.lab.home import data_folder
from loopcheck.lab.learner import progress

STEM = "lc102_loop_mismatch"
EXERCISE = exercises.load(STEM)
SOLVED = progress.Progress(
    lesson=STEM, exercise=EXERCISE.digest, passed="x = 1\n", hints=2, tries=3
)


def test_what_is_written_is_read_again(loopcheck_home: Path) -> None:
    assert progress.write(SOLVED) is None
    assert progress.read(STEM) == (SOLVED, None)
    assert [file.name for file in (loopcheck_home / "progress").iterdir()] == [f"{STEM}.json"]


def test_a_file_from_before_times_were_kept_is_read(loopcheck_home: Path) -> None:
    older = asdict(SOLVED)
    del older["when"]
    progress.write(SOLVED)
    progress.file_of(STEM).write_text(json.dumps(older), encoding="utf-8")
    assert progress.read(STEM) == (SOLVED, None)


def test_nothing_was_done_yet() -> None:
    state, trouble = progress.read(STEM)
    assert (state.state(EXERCISE), trouble) == ("not begun", None)


def test_the_state_is_in_words() -> None:
    assert SOLVED.state(EXERCISE) == "solved, 2 of 3 hints taken"
    assert replace(SOLVED, exercise="").state(EXERCISE).startswith("solved before the exercise")
    assert replace(SOLVED, passed=None, hints=0).state(EXERCISE) == "begun"


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", '{"schema": "1"}', '{"schema": 1}', '{"schema": 1, "hints": "x"}', "[" * 99999],
)
def test_a_broken_file_is_kept_aside_and_told(loopcheck_home: Path, broken: str) -> None:
    for number in ("", "-2"):
        file = progress.file_of(STEM)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(broken, encoding="utf-8")
        state, trouble = progress.read(STEM)
        aside = f"{STEM}.broken{number}.json"
        assert aside in (trouble or "")
        assert (file.parent / aside).read_text(encoding="utf-8") == broken
        assert progress.write(replace(state, hints=1)) is None
        assert progress.read(STEM)[0].hints == 1


def test_a_newer_loopchecks_file_stays_as_it_is() -> None:
    file = progress.file_of(STEM)
    file.parent.mkdir(parents=True)
    file.write_text(newer := json.dumps({"schema": 2, "new": True}), encoding="utf-8")
    assert "newer" in (progress.read(STEM)[1] or "")
    assert progress.write(SOLVED) is None
    assert file.read_text(encoding="utf-8") == newer


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "file"))
    assert (progress.write(SOLVED) or "").startswith("Progress is not saved: ")
    state, trouble = progress.read(STEM)
    assert state.tries == 0
    assert "\n" not in (trouble or "")


KERNEL = """
import sys
from dataclasses import replace
from loopcheck.lab.learner import progress
for _ in range(100):
    progress.change(sys.argv[1], lambda state: replace(state, tries=state.tries + 1))
"""


def test_two_kernels_at_one_lesson_lose_nothing() -> None:
    progress.write(SOLVED)
    kernels = [subprocess.Popen([sys.executable, "-c", KERNEL, STEM]) for _ in range(2)]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0]
    kept, _ = progress.read(STEM)
    assert kept.passed == SOLVED.passed
    if sys.platform != "win32":
        assert kept.tries == SOLVED.tries + 200


def test_it_is_saved_where_no_file_can_be_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    progress.write(SOLVED)
    monkeypatch.delattr(fcntl, "flock")  # as in a browser tab
    assert progress.change(STEM, lambda state: replace(state, hints=3)) is None
    assert progress.read(STEM)[0].hints == 3


def test_to_start_over_deletes_progress_only(loopcheck_home: Path) -> None:
    progress.write(SOLVED)
    other = loopcheck_home / "progress" / "lc101_loop_closed.json"
    other.write_text("{}")
    assert progress.forget(STEM) is None
    assert progress.forget(STEM) is None
    assert list(other.parent.iterdir()) == [other]


@pytest.mark.parametrize(
    ("platform", "names", "tail"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/loopcheck"),
        ("linux", {"XDG_DATA_HOME": "relative"}, ".local/share/loopcheck"),
        ("darwin", {}, "Library/Application Support/loopcheck"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/loopcheck"),
    ],
)
def test_the_data_folder_is_the_platforms(
    monkeypatch: pytest.MonkeyPatch, platform: str, names: dict[str, str], tail: str
) -> None:
    monkeypatch.delenv("LOOPCHECK_HOME")
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert data_folder().as_posix().endswith(tail)
