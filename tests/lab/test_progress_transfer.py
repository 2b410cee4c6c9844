"""Progress in one file: it brings what is new and takes nothing away, and knows what is not it."""

import json
from pathlib import Path

import pytest

from loopcheck.lab.learner import progress, progress_transfer
from loopcheck.lab.learner.progress import Progress

STEM, OTHER = "lc102_loop_mismatch", "lc101_loop_closed"


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file with LC102 solved at 5, after one hint, on a machine left behind."""
    file = tmp_path / progress_transfer.NAME
    progress.write(Progress(lesson=STEM, passed="theirs", hints=1, tries=2, when=5))
    progress_transfer.export(file)
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "here"))
    return file


@pytest.mark.parametrize(
    ("here", "then"),
    [
        (Progress(lesson=STEM), Progress(lesson=STEM, passed="theirs", hints=1, tries=2, when=5)),
        (
            Progress(lesson=STEM, passed="ours", hints=3, tries=1, when=9),
            Progress(lesson=STEM, passed="ours", hints=3, tries=2, when=9),
        ),
        (
            Progress(lesson=STEM, passed="ours", when=1),
            Progress(lesson=STEM, passed="theirs", hints=1, tries=2, when=5),
        ),
        (
            Progress(lesson=STEM, tries=4, when=9),
            Progress(lesson=STEM, passed="theirs", hints=1, tries=4, when=5),
        ),
    ],
)
def test_the_later_passing_answer_counts(moved: Path, here: Progress, then: Progress) -> None:
    progress.write(here)
    progress.write(alone := Progress(lesson=OTHER, passed="x", when=3))
    assert progress_transfer.bring(moved) == ([STEM], [None])
    assert progress.read(STEM)[0] == then
    assert progress.read(OTHER)[0] == alone


def test_of_a_clinic_the_answers_of_both_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, clinic = tmp_path / progress_transfer.NAME, "80_clinic_one"
    progress.write(Progress(lesson=clinic, passed="quay LC202 a.py:1\nship healthy", when=5))
    progress_transfer.export(file)
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "here"))
    progress.write(Progress(lesson=clinic, passed="barn LC102 b.py:1", when=9))
    progress_transfer.bring(file)
    kept = progress.read(clinic)[0].passed or ""
    assert set(kept.splitlines()) == {"quay LC202 a.py:1", "ship healthy", "barn LC102 b.py:1"}


def test_an_open_lesson_takes_no_answer_from_here(moved: Path) -> None:
    content = json.loads(moved.read_text(encoding="utf-8"))
    content["lessons"][STEM] |= {"passed": None, "when": 99}
    moved.write_text(json.dumps(content), encoding="utf-8")
    progress.write(Progress(lesson=STEM, passed="ours", when=1))
    progress_transfer.bring(moved)
    assert progress.read(STEM)[0].passed == "ours"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "\x00", '{"kind": "loopcheck progress"}'),
        '{"kind": "x", "schema": 1, "lessons": {}}',
        '{"kind": "loopcheck progress", "schema": 1, "lessons": {"../x": {}}}',
        '{"kind": "loopcheck progress", "schema": 1, "lessons": {"lc102_loop_mismatch": {}}}',
        '{"kind": "loopcheck progress", "schema": 1, "lessons": {"lc102_loop_mismatch": 1}}',
        '{"kind": "loopcheck progress", "schema": 1, "lessons": 1}',
    ],
)
def test_what_is_no_progress_is_told_and_changes_nothing(
    tmp_path: Path, loopcheck_home: Path, text: str
) -> None:
    file = tmp_path / "any.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(progress_transfer.CarriedError, match="does not hold loopcheck's progress"):
        progress_transfer.bring(file)
    assert not loopcheck_home.exists()
    progress.write(Progress(lesson=STEM, passed="x"))
    with pytest.raises(
        progress_transfer.CarriedError, match="already exists and holds something else"
    ):
        progress_transfer.export(file)
    assert file.read_text(encoding="utf-8") == text


def test_a_file_of_a_newer_loopcheck_is_told(moved: Path) -> None:
    content = json.loads(moved.read_text(encoding="utf-8"))
    moved.write_text(json.dumps(content | {"schema": 2}), encoding="utf-8")
    with pytest.raises(progress_transfer.CarriedError, match="A newer loopcheck wrote"):
        progress_transfer.bring(moved)


def test_it_is_written_over_its_own_kind(moved: Path) -> None:
    progress.write(Progress(lesson=OTHER, passed="x"))
    assert progress_transfer.export(moved) == [OTHER]
    assert list(moved.parent.glob(".*")) == []


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    progress.write(Progress(lesson=OTHER, passed="x"))
    with pytest.raises(
        progress_transfer.CarriedError, match=r"cannot be written: .*\. Choose another file\.$"
    ):
        progress_transfer.export(tmp_path / "nowhere" / "x.json")
