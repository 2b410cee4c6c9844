"""The learner's copy: nothing given away, nothing of theirs lost, later versions still arrive."""

import json
from pathlib import Path
from typing import Any

import pytest
from ipykernel.ipkernel import IPythonKernel

from loopcheck.lab.workbook import copies

Cell = dict[str, Any]
LESSON = "lc102_loop_mismatch.ipynb"


def cell(name: str, text: str, **more: object) -> Cell:
    run = {"execution_count": 3, "outputs": [{"output_type": "stream", "text": ["given away"]}]}
    return {"id": name, "cell_type": "code", "metadata": {}, "source": [text]} | run | more


def say(name: str, text: str) -> Cell:
    return {"id": name, "cell_type": "markdown", "metadata": {}, "source": [text]}


def write(folder: Path, *cells: Cell, name: str = LESSON) -> None:
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def read(folder: Path, name: str = LESSON) -> list[Cell]:
    cells: list[Cell] = json.loads((folder / name).read_text(encoding="utf-8"))["cells"]
    return cells


def texts(folder: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in read(folder)]


V1 = (say("a", "# Title"), cell("b", "run(1)"), cell("c", "%%exercise\nanswer = ..."))


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    (folder / "solutions").mkdir(parents=True)
    (folder / "solutions" / "lc102_loop_mismatch.py").touch()
    for name in copies.BESIDE:
        (folder / name).write_text(f"# {name}\n", encoding="utf-8")
    write(folder, *V1)
    return folder


@pytest.fixture
def theirs(tmp_path: Path, ours: Path) -> Path:
    """Return a copy as the learner first gets it."""
    folder = tmp_path / "deep" / "workbook"
    copies.refresh(ours, folder)
    return folder


def change(folder: Path, *cells: Cell) -> None:
    """Save the lesson as an editor does: another layout, text as one string."""
    whole = [cell | {"source": "".join(cell["source"])} for cell in cells]
    write(folder, *whole)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_copy_has_no_outputs_and_no_solutions(theirs: Path) -> None:
    assert set(files(theirs)) == {LESSON, copies.STATE, *copies.BESIDE}
    assert "given away" not in (theirs / LESSON).read_text("utf-8")
    assert [cell.get("execution_count") for cell in read(theirs)] == [None, None, None]


def test_a_second_refresh_changes_nothing(ours: Path, theirs: Path) -> None:
    before = files(theirs)
    times = {file: file.stat().st_mtime_ns for file in theirs.iterdir()}
    assert copies.refresh(ours, theirs) == copies.Refreshed()
    assert files(theirs) == before
    assert {file: file.stat().st_mtime_ns for file in theirs.iterdir()} == times


def test_a_lesson_that_was_only_run_gets_the_new_text_and_keeps_what_it_printed(
    ours: Path, theirs: Path
) -> None:
    ran = cell("b", "run(1)", outputs=[{"output_type": "stream", "text": ["theirs"]}])
    change(theirs, V1[0], ran, V1[2])
    write(ours, V1[1], say("a", "# New title"), V1[2], cell("d", "more()"))
    assert copies.refresh(ours, theirs).updated == (LESSON,)
    assert texts(theirs) == ["run(1)", "# New title", "%%exercise\nanswer = ...", "more()"]
    assert read(theirs)[0]["outputs"][0]["text"] == ["theirs"]


def test_a_changed_cell_is_never_touched(ours: Path, theirs: Path) -> None:
    change(theirs, V1[0], V1[1], cell("c", "%%exercise\nanswer = 42"))
    write(ours, say("a", "# New title"), V1[1], cell("c", "%%exercise\nanswer = None"))
    copies.refresh(ours, theirs)
    assert texts(theirs) == ["# New title", "run(1)", "%%exercise\nanswer = 42"]
    assert copies.refresh(ours, theirs).kept == (LESSON,)
    assert texts(theirs) == ["# New title", "run(1)", "%%exercise\nanswer = 42"]


def test_a_cell_that_was_set_back_is_brought_up_to_date_again(ours: Path, theirs: Path) -> None:
    change(theirs, V1[0], cell("b", "run(2)"), V1[2])
    write(ours, V1[0], cell("b", "run(3)"), V1[2])
    copies.refresh(ours, theirs)
    change(theirs, *V1)
    copies.refresh(ours, theirs)
    assert texts(theirs)[1] == "run(3)"


def test_added_cells_stay_where_they_are(ours: Path, theirs: Path) -> None:
    change(theirs, V1[0], cell("x", "mine()"), V1[1], V1[2], say("y", "my notes"))
    write(ours, V1[0], V1[1], cell("n", "new()"), V1[2])
    copies.refresh(ours, theirs)
    assert texts(theirs) == [
        "# Title",
        "mine()",
        "run(1)",
        "new()",
        "%%exercise\nanswer = ...",
        "my notes",
    ]


def test_a_cell_that_was_taken_out_stays_out(ours: Path, theirs: Path) -> None:
    change(theirs, V1[0], V1[2])
    write(ours, V1[0], cell("b", "run(9)"), V1[2])
    copies.refresh(ours, theirs)
    copies.refresh(ours, theirs)
    assert texts(theirs) == ["# Title", "%%exercise\nanswer = ..."]


def test_what_we_took_out_goes_unless_it_was_changed(ours: Path, theirs: Path) -> None:
    change(theirs, V1[0], V1[1], cell("c", "%%exercise\nanswer = 42"))
    write(ours, V1[0])
    copies.refresh(ours, theirs)
    assert texts(theirs) == ["# Title", "%%exercise\nanswer = 42"]


def test_cells_in_the_learners_order_stay_in_it(ours: Path, theirs: Path) -> None:
    change(theirs, V1[1], V1[0], V1[2])
    copies.refresh(ours, theirs)
    assert texts(theirs) == ["run(1)", "# Title", "%%exercise\nanswer = ..."]


def test_a_deleted_lesson_comes_back_whole(ours: Path, theirs: Path) -> None:
    change(theirs, cell("b", "run(2)"))
    (theirs / LESSON).unlink()
    assert copies.refresh(ours, theirs).new == (LESSON,)
    assert len(texts(theirs)) == 3


def test_files_of_the_learners_own_are_left_alone(ours: Path, theirs: Path) -> None:
    (theirs / "notes.ipynb").write_text("mine", encoding="utf-8")
    (theirs / "conftest.py").write_text("# mine\n", encoding="utf-8")
    (ours / "pytest.ini").write_text("# newer\n", encoding="utf-8")
    (ours / "conftest.py").write_text("# newer\n", encoding="utf-8")
    done = copies.refresh(ours, theirs)
    assert (done.updated, done.kept) == (("pytest.ini",), ("conftest.py",))
    assert (theirs / "notes.ipynb").read_text("utf-8") == "mine"
    assert (theirs / "conftest.py").read_text("utf-8") == "# mine\n"


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"cells": 1}', "null"])
def test_a_broken_notebook_is_theirs_to_mend(ours: Path, theirs: Path, broken: str) -> None:
    (theirs / LESSON).write_text(broken, encoding="utf-8")
    assert copies.refresh(ours, theirs).kept == (LESSON,)
    assert (theirs / LESSON).read_text("utf-8") == broken


@pytest.mark.parametrize("state", ["", "[]", '{"cells": []}'])
def test_without_its_state_a_copy_keeps_all_that_differs(
    ours: Path, theirs: Path, state: str
) -> None:
    change(theirs, V1[0], cell("b", "run(2)"), V1[2])
    (theirs / copies.STATE).write_text(state, encoding="utf-8")
    write(ours, say("a", "# New title"), V1[1], V1[2], cell("d", "more()"))
    copies.refresh(ours, theirs)
    assert texts(theirs) == ["# Title", "run(2)", "%%exercise\nanswer = ...", "more()"]


def test_a_folder_with_other_files_is_refused_and_left_alone(ours: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "conftest.py").write_text("# theirs\n", encoding="utf-8")
    with pytest.raises(copies.NotOursError):
        copies.refresh(ours, project)
    assert set(files(project)) == {"conftest.py"}
    with pytest.raises(copies.NotOursError):
        copies.refresh(ours, ours)


def test_the_lessons_of_a_checkout_are_its_notebooks() -> None:
    assert copies.lessons() == Path(__file__).resolve().parents[2] / "notebooks"


def test_a_copy_of_the_workbook_asks_for_no_checkout_and_is_as_the_kernel_leaves_it(
    tmp_path: Path,
) -> None:
    copies.refresh(copies.lessons(), tmp_path / "copy")
    for lesson in (tmp_path / "copy").glob("*.ipynb"):
        text = lesson.read_text("utf-8")
        assert "pip install -e" not in text, lesson.name
        assert "No module named 'loopcheck'" not in text or "Change Kernel" in text, lesson.name
        assert json.loads(text)["metadata"]["language_info"] == IPythonKernel.language_info


def test_a_second_way_to_write_a_text_is_the_same_text(ours: Path, theirs: Path) -> None:
    for lesson in theirs.glob("*.ipynb"):  # Lab's own tools write one text, not a list of lines
        notebook = json.loads(lesson.read_text("utf-8"))
        for one in notebook["cells"]:
            one["source"] = "".join(one["source"])
        lesson.write_text(json.dumps(notebook), encoding="utf-8")
    assert copies.refresh(ours, theirs).updated == ()
