"""The table of versions: a combination that is tried anew takes its own row, and no other."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
import try_versions  # noqa: E402

EVERY = tomllib.loads((ROOT / "scripts" / "versions.toml").read_text("utf-8"))
PAGE = try_versions.PAGE.read_text("utf-8")


def test_the_page_says_what_its_rows_say() -> None:
    assert try_versions.page(try_versions.kept(PAGE, but=""), EVERY) == PAGE


def test_the_page_has_a_row_for_each_combination() -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in PAGE.splitlines()]
    assert [name for name in EVERY if name not in rows] == []


def test_a_combination_replaces_its_own_row_and_notes_alone() -> None:
    name, *others = EVERY
    seen = {"versions": {"pytest": "99.0"}, "wrong": ["it ended"], "python": "3.99.0"}
    told = [try_versions.row(name, seen), *try_versions.notes(name, seen, "it is old")]
    page = try_versions.page([*try_versions.kept(PAGE, but=name), *told], EVERY)
    assert f"- {name}: it ended\n- {name}: it is old\n" in page
    assert [line for line in page.splitlines() if line.startswith(f"| {name} |")] == told[:1]
    for other in others:
        assert [x for x in page.splitlines() if f" {other}" in x[: len(other) + 3]] == [
            x for x in PAGE.splitlines() if f" {other}" in x[: len(other) + 3]
        ]
