"""The table of hangs: the page is what was measured, and says so if one is late or wrong."""

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
import try_hangs  # noqa: E402

PROJECTS = try_hangs.read_projects()
PROJECT = {"cause": "nothing comes", "codes": ["LC203"], "within": 2, "text": "one\ntwo  # HANGS\n"}


def ended(**changed: Any) -> try_hangs.Ended:
    facts: dict[str, Any] = {
        "seconds": 4.0,
        "code": "LC203",
        "line": 2,
        "load": 1.0,
        "processors": 2,
    }
    return try_hangs.Ended(**(facts | {"date": "2026-01-01", "python": "3.11.7"} | changed))


def test_the_page_is_the_one_of_what_was_measured() -> None:
    page = try_hangs.PAGE.read_text("utf-8")
    assert page == try_hangs.page(PROJECTS, try_hangs.saved())
    assert len(PROJECTS) >= 30
    measured = try_hangs.saved()
    assert [name for name in PROJECTS if measured[name].keys() != try_hangs.WAYS.keys()] == []


@pytest.mark.parametrize("name", PROJECTS)
def test_each_hang_has_its_line_and_its_promise(name: str) -> None:
    project = PROJECTS[name]
    assert 1 <= len(try_hangs.marked(project)) <= 2
    assert project["within"] in (2, 5)
    compile(project["text"], name, "exec")


@pytest.mark.parametrize(
    ("changed", "time", "right"),
    [
        ({}, "4.0 s", "yes"),
        ({"seconds": 6.1}, "**6.1 s**", "yes"),
        ({"seconds": None}, "**not in 60 s**", "yes"),
        ({"line": 1}, "4.0 s", "no"),
        ({"code": "LC204"}, "4.0 s", "no"),
        ({"code": None, "line": None}, "4.0 s", "no"),
    ],
)
def test_what_is_late_or_wrong_is_shown(changed: dict[str, Any], time: str, right: str) -> None:
    row = try_hangs.row("a_hang", PROJECT, {"idle": ended(**changed)})
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    assert (cells[0], cells[2], cells[3], cells[-1]) == ("a hang", "6 s", time, right)


def test_the_sum_counts_both() -> None:
    ways = {"one": {"idle": ended()}, "two": {"idle": ended(seconds=9.0, line=1)}}
    said = try_hangs.summed_up({"one": PROJECT, "two": PROJECT}, ways, "idle", "alone")
    assert "1 of 2 ended in time, and 1 were named with a right code and line." in said
