"""The paths of the workbook: every lesson is on one of them, once, and none is made up."""

from loopcheck.lab import clinics, exercises
from loopcheck.lab.learner.lesson_paths import PATHS, REST, paths
from loopcheck.lab.workbook.copies import lessons
from loopcheck.modes import catalogue

MODES = [mode.stem for mode in catalogue.modes()]


def test_every_mode_is_on_one_path() -> None:
    steps = [stem for found in paths(MODES).values() for stem in found]
    assert sorted(steps) == MODES


def test_every_step_that_names_a_mode_names_one_that_there_is() -> None:
    starts = [start for starts in PATHS.values() for start in starts if start.startswith("lc")]
    assert {start for start in starts if not any(stem.startswith(start) for stem in MODES)} == set()


def test_what_is_not_there_is_passed_over() -> None:
    assert paths(["lc101_loop_closed", "lc102_loop_mismatch", "lc607_missing_greenlet"]) == {
        "an hour": ["lc102_loop_mismatch"],
        "half a day": ["lc101_loop_closed"],
        "a day": [],
        REST: ["lc607_missing_greenlet"],
    }


def test_every_exercise_and_clinic_that_stands_is_on_a_path() -> None:
    there = [file.stem for file in lessons().glob("*.ipynb")]
    steps = {stem for found in paths(there).values() for stem in found}
    solved = {*exercises.stems(), *(clinic.stem for clinic in clinics.all_clinics())}
    assert solved - steps == set()
