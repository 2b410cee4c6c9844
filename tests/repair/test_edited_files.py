"""Edits move with the text: made one after the other, taken back, and never over each other."""

from pathlib import Path

import pytest

from loopcheck.records import Edit
from loopcheck.repair.edited_files import EditedFiles
from loopcheck.repair.project_copy import ProjectCopy
from loopcheck.source.changes.source_text import NoSplice

TEXT = "import os\n\nadd(1)\nadd(2)\n"
IMPORT = Edit(file="t.py", start=(1, 0), end=(1, 0), text="import asyncio\n")
FIRST = Edit(file="t.py", start=(3, 0), end=(3, 0), text="await ")
SECOND = Edit(file="t.py", start=(4, 4), end=(4, 5), text="3")


@pytest.fixture
def files(tmp_path: Path) -> EditedFiles:
    (tmp_path / "t.py").write_bytes(TEXT.encode())
    return EditedFiles(ProjectCopy(Path("/project"), tmp_path), tmp_path)


def text(files: EditedFiles) -> str:
    return (files.root / "t.py").read_bytes().decode()


def test_edits_of_one_run_are_made_one_after_the_other(files: EditedFiles) -> None:
    files.apply([IMPORT, FIRST], 0)
    files.apply([IMPORT, SECOND], 0)  # the same import: once
    assert text(files) == "import asyncio\nimport os\n\nawait add(1)\nadd(3)\n"


def test_edits_of_a_later_run_are_about_the_later_text(files: EditedFiles) -> None:
    files.apply([IMPORT], 0)
    later = Edit(file="t.py", start=(5, 4), end=(5, 5), text="3")
    files.apply([later], files.moment)
    files.apply([FIRST], 0)
    assert text(files) == "import asyncio\nimport os\n\nawait add(1)\nadd(3)\n"


def test_edits_are_taken_back(files: EditedFiles) -> None:
    files.apply([FIRST], 0)
    state = files.state()
    files.apply([SECOND], 0)
    files.restore(state)
    assert text(files) == TEXT.replace("add(1)", "await add(1)")
    files.restore({})
    assert text(files) == TEXT
    assert files.changes() == {}


def test_an_edit_of_what_another_has_changed_is_refused_and_changes_nothing(
    files: EditedFiles,
) -> None:
    files.apply([SECOND], 0)
    over = Edit(file="t.py", start=(4, 0), end=(4, 6), text="x")
    with pytest.raises(NoSplice, match="another edit"):
        files.apply([FIRST, over], 0)
    assert text(files) == TEXT.replace("2", "3")


@pytest.mark.parametrize("name", ["../outside.py", "/etc/hosts", "missing.py"])
def test_a_file_outside_of_the_project_is_left_alone(files: EditedFiles, name: str) -> None:
    with pytest.raises(NoSplice):
        files.apply([Edit(file=name, start=(1, 0), end=(1, 0), text="x")], 0)


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: latin-1\r\nname = '\xe9'\r\nadd(1)\r\n",
        b"\xef\xbb\xbf# caf\xc3\xa9\nx = 1\nadd(1)\n",
        b"x = 1\ny = '\x0c'\n\tadd(1)",
    ],
)
def test_encoding_line_ends_and_a_mark_at_the_start_stay(files: EditedFiles, data: bytes) -> None:
    (files.root / "t.py").write_bytes(data)
    column = len(data.splitlines()[-1]) - len(b"add(1)")
    files.apply([Edit(file="t.py", start=(3, column), end=(3, column), text="await ")], 0)
    after = data.replace(b"add(1)", b"await add(1)")
    assert (files.root / "t.py").read_bytes() == after
    assert files.changes() == {Path("/project/t.py"): (data, after)}
