"""The page about the workbook in a browser tab: what was measured, and nothing left unexplained."""

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
import try_lite  # noqa: E402

from loopcheck.lab import real_python  # noqa: E402

NOTEBOOKS = {file.stem for file in (ROOT / "notebooks").glob("*.ipynb")}
RUNS: dict[str, Any] = {"cells": 7, "ran": 7, "first": 2.0, "seconds": 20.0, "solved": True}


def test_the_page_is_the_one_of_what_was_measured() -> None:
    page = try_lite.PAGE.read_text("utf-8")
    assert page == try_lite.page(page, try_lite.saved())
    assert try_lite.saved().keys() <= NOTEBOOKS | {"site"}


def test_each_notebook_runs_or_says_why_not() -> None:
    page = try_lite.PAGE.read_text("utf-8")
    assert "**" not in page.partition("<!-- lessons -->")[2]
    assert {"00_start_here", "lc102_loop_mismatch", "lc202_never_awaited"} <= try_lite.running()


def test_a_notebook_is_named_only_where_something_differs() -> None:
    seen = try_lite.saved()
    assert {stem for stem in try_lite.remarks() if not seen[stem]["differs"]} == set()


@pytest.mark.parametrize(
    ("stem", "changed", "words"),
    [
        ("lc102_loop_mismatch", {}, "| yes | 7 of 7 | solved | 2.0 s | 20 s |  |"),
        ("lc202_never_awaited", {"solved": False}, "| **not solved** |"),
        ("lc202_never_awaited", {"tracebacks": ["run"]}, "| **no** | 7 of 7 |"),
        ("lc202_never_awaited", {"seconds": None}, "| **no** | 7 of 7 | solved | 2.0 s |  |"),
        ("lc202_never_awaited", {"differs": ["run"]}, "Cells that differ: `run`. **Unexplained.**"),
        ("lc202_never_awaited", {"asked": ["http://example.org"]}, "| **no** |"),
        ("lc107_blocked_loop", {"ran": 0, "seconds": None}, "| no | 0 of 7 |  | 2.0 s |"),
        ("lc107_blocked_loop", {"ran": 5, "tracebacks": ["run"]}, "| **traceback** |"),
        ("lc101_loop_closed", {"solved": None}, "| can't be graded |"),
    ],
)
def test_what_falls_short_is_shown(stem: str, changed: dict[str, Any], words: str) -> None:
    assert words in try_lite.row(stem, try_lite.Tried(**(RUNS | changed)))


def test_cells_are_compared_by_findings_counts_and_pictures() -> None:
    def cell(text: str) -> dict[str, Any]:
        return {"outputs": [{"output_type": "stream", "text": text}]}

    stored = cell("LC102 loop-mismatch\n1 failed, 2 passed")
    assert try_lite.told(stored) == try_lite.told(cell("LC102, in other words: 1 failed, 2 passed"))
    assert try_lite.told(stored) != try_lite.told(cell("LC102 loop-mismatch\n3 failed"))
    assert try_lite.told(stored) != try_lite.told(cell("nothing found\n1 failed, 2 passed"))
    assert try_lite.is_broken(cell("Traceback (most recent call last):\n  …"))
    assert not try_lite.is_broken(stored)


def test_the_counts_leave_out_what_cannot_run() -> None:
    tried = {
        "lc102_loop_mismatch": try_lite.Tried(**RUNS, differs=["nest"]),
        "lc202_never_awaited": try_lite.Tried(**RUNS),
        "lc107_blocked_loop": try_lite.Tried(**RUNS),
        "81_clinic_two": try_lite.Tried(**RUNS | {"solved": None}),
    }
    said = try_lite.sums(tried)
    assert "2 of 3 lessons run to their last cell, 1 of them with all findings" in said
    assert "2 exercises are solved there. 1 of 1 clinics run." in said


def test_no_lesson_that_needs_a_real_python_has_a_button() -> None:
    assert try_lite.running() & real_python.LESSONS.keys() == set()
    assert {"00_start_here", "lc102_loop_mismatch"} <= try_lite.running()
