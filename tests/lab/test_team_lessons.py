"""`loopcheck new --to`: a team's own lessons are installed, found, copied, and they run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pytest
from IPython.core.error import UsageError
from nbclient import NotebookClient

from loopcheck.cli import main
from loopcheck.lab import exercises
from loopcheck.lab.board import sharing, shown
from loopcheck.lab.board.row import Row, as_fields, from_fields
from loopcheck.lab.exercise_names import named
from loopcheck.lab.learner import progress, progress_transfer
from loopcheck.lab.learner.progress import Progress
from loopcheck.lab.learner.standings import standings
from loopcheck.lab.workbook.team_lessons import Package

Runs = Callable[..., subprocess.CompletedProcess[str]]

INSTALL = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target")


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team") / "our-lessons"
    assert main.main(["new", "--to", str(folder)]) == 0
    return folder


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["new", *words]) == main.WRONG_INPUT
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.fixture(scope="module")
def site(lessons: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install them into a folder."""
    folder = tmp_path_factory.mktemp("site")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", *INSTALL)
    subprocess.run((*pip, str(folder), str(lessons)), check=True, timeout=120)
    return folder


@pytest.fixture
def installed(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Run Python where they are installed, with progress of its own."""
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "home"))
    return partial(
        subprocess.run, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )


def test_installed_they_are_copied_beside_ours(installed: Runs, tmp_path: Path) -> None:
    book = tmp_path / "workbook"
    words = ("-m", "loopcheck", "lab", "--copy-only", "--dir", str(book))
    for told in ("(1 new)", "(up to date)"):
        done = installed((sys.executable, *words))
        own = book / "our_lessons"
        assert done.stdout.splitlines()[-1] == f"Lessons of our_lessons: {own} {told}"
    assert [file.name for file in own.glob("*.ipynb")] == ["our_first_lesson.ipynb"]
    assert (book / "00_start_here.ipynb").exists()
    assert not list(own.rglob("*.py"))  # what grades and what solves is not given away


LEARNER = """
from IPython.testing.globalipapp import start_ipython
shell = start_ipython()
shell.run_line_magic("load_ext", "loopcheck.lab")
from loopcheck.lab import exercises
exercise = exercises.load("our_first_lesson")
def run(text):
    print(f"== {text.splitlines()[0]}")
    shell.run_cell(text)
run("%progress")
run("%exercise our-first-lesson")
run("%%exercise our-first-lesson\\n" + exercise.skeleton)
run("%hint")
run("%%exercise our-first-lesson\\n" + exercise.skeleton.replace("assert is", "assert await is"))
run("%solution our-first-lesson")
run("%progress --all")
run("%hint our-frist-lesson")
run("%start_over our_first_lesson")
"""


def test_a_learner_is_graded_hinted_and_counted(installed: Runs) -> None:
    done = installed((sys.executable, "-c", LEARNER))
    parts = done.stdout.split("== ")[1:]
    said = {head: text for head, _, text in (part.partition("\n") for part in parts)}
    assert re.search(r"our_lessons +lessons of your own +\[-+\] +none solved", said["%progress"])
    assert "one of them fails as soon as no order" in said["%exercise our-first-lesson"]
    first, second = [part for part in parts if part.startswith("%%exercise")]
    assert "every test still passed" in first
    assert "our-first-lesson is still open" in first
    assert "Hint 1 of 3. Compare how the two tests ask" in said["%hint"]
    assert "our-first-lesson is solved. You can tell a coroutine" in second
    assert (
        "What was wrong: `is_paid(7)` only makes a coroutine" in said["%solution our-first-lesson"]
    )
    assert re.search(
        r"our_lessons/our_first_lesson\.ipynb +solved, 1 of 3", said["%progress --all"]
    )
    assert "Did you mean our-first-lesson?" in done.stderr
    assert "our-first-lesson begins anew" in said["%start_over our_first_lesson"]


def test_their_own_test_holds_the_exercise(installed: Runs, lessons: Path) -> None:
    pytest_here = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in installed((*pytest_here, str(lessons / "tests"))).stdout


BROKEN = {
    "Loud": ("", "the name of its file needs small letters, digits and `_`"),
    "typo": ("EXERCISE = Exercize()", "NameError: name 'Exercize' is not defined"),
    "script": ("raise SystemExit('two\\nlines')", "SystemExit: two lines"),
    "empty": ("", "it has no EXERCISE = Exercise(…)"),
    "copied": ("from .our_first_lesson import EXERCISE", 'its stem is "our_first_lesson"; as its'),
}


@pytest.fixture
def beside(lessons: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Package]:
    """Let this process know them, too; return what is known."""
    known = {"our_first_lesson": Package("our_lessons", "our_lessons", lessons / "our_lessons")}
    monkeypatch.syspath_prepend(lessons)
    monkeypatch.setattr(exercises, "of_teams", lambda: known)
    return known


@pytest.mark.usefixtures("beside")
def test_the_class_board_knows_it() -> None:
    row = sharing.moved(Row(name="Ada"), "our_first_lesson")
    assert ("the tests notice an order that nobody paid", "not looked at") in row.requirements
    assert from_fields(as_fields(row)) == row
    assert shown.lesson(row.lesson) == "our first lesson"


@pytest.mark.usefixtures("beside")
def test_an_answer_is_carried_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home, passed in (("there", "import shop\n\nx = 1"), ("here", "import shop\n\nx = 2")):
        monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / home))
        one = Progress(lesson="our_first_lesson", passed=passed, when=len(home))
        (tmp_path / home / "progress").mkdir(parents=True)
        assert progress.write(one) is None
        if home == "there":
            progress_transfer.export(tmp_path / "file.json")
    progress_transfer.bring(tmp_path / "file.json")
    assert progress.read("our_first_lesson")[0].passed == "import shop\n\nx = 1"  # the later one


@pytest.mark.parametrize("stem", BROKEN)
def test_an_exercise_that_its_author_is_at_work_on_breaks_no_other(
    stem: str, beside: dict[str, Package]
) -> None:
    text, why = BROKEN[stem]
    own = beside[stem] = beside["our_first_lesson"]
    file = own.folder / "exercises" / f"{stem}.py"
    file.write_text(text)
    try:
        found, troubles = standings()
        with pytest.raises(UsageError, match=re.escape(why)):
            named(stem)
    finally:
        file.unlink()
    assert [one.name for one in found if one.family == "our_lessons"] == ["our-first-lesson"]
    assert [trouble for trouble in troubles if why in trouble]


@pytest.mark.usefixtures("installed")
def test_the_first_one_runs_and_its_fault_is_named(lessons: Path) -> None:
    [file] = lessons.rglob("*.ipynb")
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=60).execute()
    said = json.dumps([cell.get("outputs") for cell in notebook.cells if cell.id == "why"])
    assert "LC202 never-awaited" in said


def test_wrong_input_is_one_line(
    lessons: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is not empty. Try: loopcheck new --to NEW_FOLDER" in refused(
        capsys, "--to", str(lessons)
    )
    assert "`42` is not a valid package name" in refused(capsys, "--to", str(tmp_path / "42"))
    assert "What do you want to start?" in refused(capsys)
    assert "A mode belongs to loopcheck itself" in refused(capsys, "--to", "x", "LC210", "slug")
    (tmp_path / "file").write_text("")
    assert "can't be written" in refused(capsys, "--to", str(tmp_path / "file" / "in"))
