"""`loopcheck new --to`: a team's own lessons are installed, found, copied, and they run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from loopcheck.faces import cli

INSTALL = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target")


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team") / "our-lessons"
    assert cli.main(["new", "--to", str(folder)]) == 0
    return folder


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["new", *words]) == cli.WRONG_INPUT
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_installed_they_are_copied_beside_ours(lessons: Path, tmp_path: Path) -> None:
    site, book = tmp_path / "site", tmp_path / "workbook"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", *INSTALL)
    subprocess.run((*pip, str(site), str(lessons)), check=True, timeout=120)
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))
    }
    words = ("-m", "loopcheck", "lab", "--copy-only", "--dir", str(book))
    for told in ("(1 new)", "(up to date)"):
        done = subprocess.run(
            (sys.executable, *words),
            env=env,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        own = book / "our_lessons"
        assert done.stdout.splitlines()[-1] == f"Lessons of our_lessons: {own} {told}"
    assert [file.name for file in own.glob("*.ipynb")] == ["our_first_lesson.ipynb"]
    assert (book / "00_start_here.ipynb").exists()


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
    assert "`42` is no name for a package" in refused(capsys, "--to", str(tmp_path / "42"))
    assert "What is it to be?" in refused(capsys)
    assert "A mode belongs to loopcheck itself" in refused(capsys, "--to", "x", "LC210", "slug")
    (tmp_path / "file").write_text("")
    assert "can't be written" in refused(capsys, "--to", str(tmp_path / "file" / "in"))
