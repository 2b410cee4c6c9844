"""The page of real faults: it is what was measured, and counts a miss as one."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
pytest.importorskip("resource")  # no Windows: try_others measures processor time
import try_real  # noqa: E402

FAULTS = try_real.read_faults()
FAULT: dict[str, Any] = {"codes": ["LC203"], "where": ["shop.py:4"], "symptom": "Timeout"}
SHOP = """\
import asyncio

async def wait(bell):
    bell.clear()
    # a customer
    # comes in
    await bell.wait()

FIRST = 1
# far away
# from all
LAST = 2
"""


def found(code: str = "LC203", *, line_right: bool = True) -> dict[str, Any]:
    facts = {"slug": "hang", "certainty": "certain", "what": "it waits"}
    return {"code": code, "file": "shop.py", "line": 7, "line_right": line_right, **facts}


def measured(*findings: dict[str, Any], on_mended: Any = ()) -> try_real.Measured:
    return try_real.Measured(
        date="2026-01-01",
        python="3.11.7",
        version="1.0",
        shows="fails",
        reproduced=True,
        findings=list(findings),
        on_mended=list(on_mended),
        changed=[],
    )


def test_the_page_is_the_one_of_what_was_measured_and_leaves_nothing_unread() -> None:
    page = try_real.PAGE.read_text("utf-8")
    assert page == try_real.page(FAULTS, try_real.saved())
    assert "ot read" not in page
    assert "not measured yet" not in page
    assert len([one for one in try_real.saved().values() if one.reproduced]) >= 20


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_facts(name: str) -> None:
    fault = FAULTS[name]
    assert {len(fault["before"]), len(fault["after"])} == {40}
    assert fault["codes"]
    assert all(code.startswith("LC") for code in fault["codes"])
    assert all(place.rpartition(":")[2].isdigit() for place in fault["where"])
    assert all("==" in one or "<" in one for one in fault["needs"])
    assert not fault["cause"].endswith(".")


@pytest.mark.parametrize(
    ("one", "given"),
    [
        (measured(found()), "right"),
        (measured(found(line_right=False)), "right code, other line"),
        (measured(found("LC201"), found()), "wrong code"),  # only the first one counts
        (measured(), "silent"),
    ],
)
def test_only_the_first_finding_counts(one: try_real.Measured, given: str) -> None:
    assert try_real.verdict(FAULT, one) == given


def test_the_rates_count_each_kind_and_both_groups() -> None:
    faults = {"new": FAULT, "known": FAULT | {"earlier": True}}
    known = replace(measured(found("LC201")), first="silent")
    new = replace(measured(found(line_right=False), on_mended=[found()]), first="wrong code")
    lines = try_real.rates(faults, {"new": new, "known": known})
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rates = {cells[0]: cells[1:] for cells in rows}
    assert rates["faults"] == ["2", "1", "1", "2"]
    assert rates["right code"] == ["1 (50%)", "1 (100%)", "0 (0%)", "0 (0%)"]
    assert rates["right code and line"] == ["0 (0%)", "0 (0%)", "0 (0%)", "0 (0%)"]
    assert rates["wrong code"] == ["1 (50%)", "0 (0%)", "1 (100%)", "1 (50%)"]
    assert rates["silent"] == ["0 (0%)", "0 (0%)", "0 (0%)", "1 (50%)"]
    assert rates["false on the mended commit"] == ["1 (50%)", "1 (100%)", "0 (0%)", ""]


def test_a_finding_on_a_mended_commit_is_false_until_a_person_finds_it_right() -> None:
    one = measured(on_mended=[found()])
    assert try_real.false_findings(FAULT, one) == [found()]
    for answer, false in (("Right: it leaks.", 0), ("False: it does not.", 1)):
        fault = FAULT | {"read": {"LC203 shop.py": answer}}
        assert len(try_real.false_findings(fault, one)) == false


def test_the_first_verdict_stays() -> None:
    first = try_real.with_first_verdict(FAULT, measured(), None)
    later = try_real.with_first_verdict(FAULT, measured(found()), first)
    assert (first.first, later.first) == ("silent", "silent")
    hidden = replace(first, reproduced=False)  # that run did not show the fault
    assert try_real.with_first_verdict(FAULT, measured(found()), hidden).first == "right"


@pytest.mark.parametrize(
    ("where", "line", "near"),
    [
        ("shop.py:4", 7, True),  # in the same function
        ("shop.py:4", 9, False),
        ("shop.py:9", 11, True),  # two lines off
        ("shop.py:9", 12, False),
        ("shop.py:9", 7, True),
        ("other.py:7", 7, False),
    ],
)
def test_a_line_is_right_near_the_fix_or_in_its_function(
    tmp_path: Path, where: str, line: int, near: bool
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "other.py").write_text(SHOP)
    assert try_real.is_near(tmp_path, {"where": [where]}, "shop.py", line) is near


@pytest.mark.parametrize("file", ["shop.py", "part/shop.py"])
def test_a_file_is_named_from_the_project_or_from_its_part(tmp_path: Path, file: str) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "shop.py").write_text(SHOP)
    fault = {"where": ["part/shop.py:4"], "root": "part"}
    assert try_real.is_near(tmp_path, fault, file, 7)


def test_a_run_that_hangs_is_stopped_and_shows_its_symptom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(try_real, "LIMIT", 5)
    (tmp_path / "test_it.py").write_text("import time\ndef test_it():\n    time.sleep(600)\n")
    fault = {"tests": ["test_it.py"], "symptom": "hangs"}
    one = try_real.run(Path(sys.executable), tmp_path, fault, "without")
    assert (one.hangs, one.ended, try_real.ending(one)) == (True, {}, "hangs")
    assert try_real.shows(fault, one)
    assert not try_real.differences(one, replace(one, hangs=False, ended={"a": "failure"}))


def test_the_state_before_has_the_new_test_and_the_old_source(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
        said = subprocess.run([*command, *words], check=True, capture_output=True, text=True)
        return said.stdout.strip()

    git("init", "-q")
    commits = []
    for shop, test in (("old", "none"), ("new", "one")):
        (tmp_path / "shop.py").write_text(shop)
        (tmp_path / "test_shop.py").write_text(test)
        git("add", "-A")
        git("commit", "-qm", shop)
        commits.append(git("rev-parse", "HEAD"))
    fault = {"before": commits[0], "after": commits[1], "restore": ["shop.py"]}
    states = {}
    for state in try_real.STATES:
        try_real.switch(tmp_path, fault, state)
        states[state] = [(tmp_path / name).read_text() for name in ("shop.py", "test_shop.py")]
    assert states == {"before": ["old", "one"], "after": ["new", "one"]}
