"""Cells out of order, a folder that is read only: one line says what is missing, or what to do."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from shells import Cells  # type: ignore[import-not-found]

from loopcheck.lab import home
from loopcheck.lab.workbook import missing_cell
from loopcheck.lab.workbook.copies import lessons
from loopcheck.lab.workbook.lesson_files import lesson_stems

NEEDS_NAMES = """\
%%ipytest
import pytest

@pytest.fixture
def one():
    return {name}

def test_one(one):
    assert one
"""


def code_of(stem: str) -> list[str]:
    notebook = json.loads((lessons() / f"{stem}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in cells]


AT_ONCE = "%%ipytest\nurl = server.url\n\n\ndef test_url():\n    assert url"


def test_a_name_of_the_set_up_cell_is_answered_with_that_cell(
    bare: InteractiveShell, cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both while one of the tests runs and while they are collected."""
    setup, *later = code_of("lc102_loop_mismatch")
    [running] = [cell for cell in later if "server.url" in cell]
    lesson = [{"cell_type": "code", "source": text} for text in (setup, running, AT_ONCE)]
    (tmp_path / "lesson.ipynb").write_text(json.dumps({"cells": lesson}), encoding="utf-8")
    monkeypatch.setattr(missing_cell, "lessons", lambda: tmp_path)
    bare.user_ns.pop("server", None)
    for cell in (running, AT_ONCE):
        said = cells(cell)
        assert "NameError: name 'server' is not defined" in said
        assert said.endswith(
            "\nAn earlier cell defines `server`, and it has not run in this kernel: code cell 1 "
            "from the top, which begins with `%load_ext loopcheck.lab`. Run it first.\n"
        )


def test_a_plain_cell_that_lacks_a_name_is_answered_too(
    bare: InteractiveShell, cells: Cells
) -> None:
    bare.user_ns.pop("asyncio", None)
    cell = next(one for one in code_of("01_how_a_test_gets_its_loop") if "create_task" in one)
    assert "An earlier cell defines `asyncio`, and it has not run" in cells(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "prnt(3)",  # no lesson's cell
        NEEDS_NAMES.format(name="nowhere"),
        "%%ipytest\nimport pytest\n\ndef test_a():\n    assert 0",
        "%%ipytest\nthis is not python",
        "1 / 0",
    ],
)
def test_other_failures_are_left_to_python(cells: Cells, cell: str) -> None:
    assert "An earlier cell defines" not in cells(cell)


def test_a_cell_that_has_all_its_names_is_left_alone(bare: InteractiveShell, cells: Cells) -> None:
    [cell] = [one for one in code_of("00_start_here") if "orders = asyncio" in one][:1]
    said = cells(cell)
    assert "different event loop" in said
    assert "made by" not in said


def test_tests_of_a_project_that_is_not_there_name_its_cell(cells: Cells) -> None:
    assert "Run the cell that begins with %%project quay first." in cells("%pytest quay")
    said = cells("%%project quay --add\n# file: test_a.py\ndef test_a(): pass")
    assert said == (
        "UsageError: %%project quay --add: there is no project `quay` to add to. Run the cell that "
        "begins with %%project quay first, the one without --add.\n"
    )
    assert "Run the cell that begins with %%project quay first." in cells("%pytest quay")


def test_to_ask_before_anything_ran_says_so(cells: Cells) -> None:
    cells("%loopcheck clear")
    assert "Run a cell of tests first" in cells("%loopcheck why")
    assert "nothing has run. Run a test" in cells("%loopcheck timeline")
    assert "run the cell with %pytest quay first" in cells("%asyncfixture --from quay")


@pytest.mark.parametrize("stem", lesson_stems())
def test_the_text_above_the_first_cell_helps_a_kernel_without_the_extension(stem: str) -> None:
    notebook = json.loads((lessons() / f"{stem}.ipynb").read_text(encoding="utf-8"))
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    above = "".join("".join(c["source"]) for c in notebook["cells"][: kinds.index("code")])
    assert "`No module named 'loopcheck'`" in above
    assert '`pip install -e ".[workbook]"`' in above
    assert "restart the kernel" in above
    assert code_of(stem)[0].startswith("%load_ext loopcheck.lab")


READS = """\
import os
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("%load_ext loopcheck.lab")
shell.run_cell("%%ipytest\\ndef test_a(): pass")
shell.run_cell("%%project p\\n# file: test_a.py\\ndef test_a(): pass")
shell.run_cell("%pytest p")
shell.run_cell("%progress --export")
"""


def test_in_a_read_only_folder_one_line_offers_a_copy(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    shutil.copy(lessons() / "pytest.ini", course)
    course.chmod(0o555)
    command = [sys.executable, "-c", READS]
    if os.access(course, os.W_OK):  # root may write anywhere, unless that is taken from it
        if shutil.which("setpriv") is None:
            pytest.skip("this user may write everywhere")
        command = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", *command]
    env = os.environ | {"IPYTHONDIR": str(tmp_path / "ipython"), "NO_COLOR": "1"}
    run = subprocess.run(
        command, cwd=course, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    course.chmod(0o755)
    assert run.stdout.splitlines()[1:] == [home.READ_ONLY, "p: test_a.py", ".", "1 passed"]
    assert run.stderr.splitlines() == [
        f"UsageError: %%ipytest writes a small file for each run. {home.READ_ONLY}",
        "UsageError: %progress --export: there is no progress yet. Solve an exercise first.",
    ]
