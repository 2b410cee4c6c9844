"""The contact sheet of the lessons: it shows them, and tells what a reader would stumble over."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import contact_sheet  # noqa: E402
from test_lesson_in_lab import browser, lab, opened, pytestmark  # noqa: E402

__all__ = ["browser", "pytestmark"]

DEEP = "Traceback (most recent call last):\n" + '  File "x.py", line 1, in x\n' * 13 + "KeyError: 1"
SHORT = "___ test_a ___\nx.py:1: in test_a\n    assert 0\nE   assert 0\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (DEEP, 14),
        ("\x1b[31mTraceback (most recent call last):\x1b[0m\n  x\nKeyError: 1", 2),
        (SHORT, 3),
        ("___ test_a ___\n" + "x.py:1: in x\n" * 20 + "E   KeyError: 1", 21),
        ("1 passed\n" * 40, 0),
    ],
)
def test_the_lines_of_a_traceback_are_counted(text: str, lines: int) -> None:
    output = {"output_type": "stream", "text": text}
    assert contact_sheet.lines_of_traceback(contact_sheet.text_of(output)) == lines


def planted(folder: Path) -> str:
    """Write a notebook with a line that is too wide and a traceback that is too long."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": [DEEP]},
        {"output_type": "stream", "name": "stdout", "text": ["fine"]},
    ]
    wide = "# Wide\n\n```text\n" + "x" * 400 + "\n```"
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "wide", "metadata": {}, "source": [wide]},
        *(
            {
                "cell_type": "code",
                "id": f"code-{number}",
                "metadata": {},
                "execution_count": number,
                "source": ["x()"],
                "outputs": [output],
            }
            for number, output in enumerate(outputs, 1)
        ),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "planted.ipynb").write_text(json.dumps(whole))
    return "planted.ipynb"


def test_what_a_reader_stumbles_over_is_told(tmp_path: Path, browser: Any) -> None:
    folder = tmp_path / "read"
    folder.mkdir()
    name = planted(folder)
    with lab(folder, tmp_path / "home", "Light") as address:
        page = opened(browser, address, name)
        told = list(contact_sheet.look(page, "planted"))
        contact_sheet.picture(page, tmp_path / "planted.png")
        ran = list(contact_sheet.run(page, "planted"))
        page.close()
    assert [line for line in told if line.startswith("planted: cell 1 scrolls sideways, by ")]
    assert "planted: cell 2 has a traceback of 14 lines" in told
    assert not [line for line in told if "cell 3" in line]
    assert ran == [
        "planted: code cell 1 ended in an error",
        "planted: Run All did not come to code cell 2",
    ]
    contact_sheet.sheet(browser, [tmp_path / "planted.png"] * 3, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").stat().st_size > 1000


def test_a_script_without_words_says_how_it_is_used() -> None:
    script = ROOT / "scripts" / "contact_sheet.py"
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "folder" in run.stderr
