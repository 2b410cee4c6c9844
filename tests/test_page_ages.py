"""Pages of measurements have the commit that was measured, and are called old when it is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
import page_ages  # noqa: E402

MEASURED = (
    *("accuracy", "benchmarks", "hangs", "lite", "mutants", "others", "real_faults"),
    *("reliability", "reporters", "versions"),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with a package, a page about it, and one commit."""
    (tmp_path / page_ages.PACKAGE).mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    git(tmp_path, "init", "--quiet")
    change(tmp_path, f"{page_ages.PACKAGE}/engine.py", "one")
    write_page(tmp_path)
    return tmp_path


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def change(root: Path, file: str, text: str) -> None:
    (root / file).write_text(text, "utf-8")
    git(root, "add", file)
    git(root, "commit", "--quiet", "-m", text)


def write_page(root: Path) -> None:
    said = f"Measured on {page_ages.measured_now(root)}: fast.\n"
    (root / "docs" / "speed.md").write_text(said, "utf-8")


def ages(root: Path) -> list[str]:
    return page_ages.ages([root / "docs" / "speed.md"], root)


def test_a_page_of_the_package_as_it_is_gets_no_line(project: Path) -> None:
    change(project, "notes.txt", "no part of the package")
    assert ages(project) == []


def test_a_page_of_older_code_says_how_many_changes_ago(project: Path) -> None:
    for text in ("two", "three"):
        change(project, f"{page_ages.PACKAGE}/engine.py", text)
    [line] = ages(project)
    assert re.fullmatch(
        r"docs/speed\.md: measured 20\d\d-\d\d-\d\d at [0-9a-f]{8}, 2 changes of the package ago",
        line,
    )


def test_a_page_that_was_measured_again_in_part_says_so(project: Path) -> None:
    change(project, f"{page_ages.PACKAGE}/engine.py", "two")
    page = project / "docs" / "speed.md"
    page.write_text(page.read_text("utf-8") + page_ages.measured_now(project), "utf-8")
    assert ", 1 change" in ages(project)[0]
    assert "in part measured" in ages(project)[0]


def test_changes_that_nobody_committed_are_in_the_stamp(project: Path) -> None:
    (project / page_ages.PACKAGE / "engine.py").write_text("not committed", "utf-8")
    assert page_ages.measured_now(project).endswith("` with changes")


def test_a_commit_that_the_clone_does_not_have_is_said(project: Path) -> None:
    (project / "docs" / "speed.md").write_text("2026-01-01 at `0123abcd`", "utf-8")
    assert ages(project) == ["docs/speed.md: this clone does not have commit 0123abcd"]


def test_a_folder_without_a_repository_has_the_day_alone(tmp_path: Path) -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", page_ages.measured_now(tmp_path))


@pytest.mark.parametrize("name", MEASURED)
def test_each_page_of_measurements_says_its_commit(name: str) -> None:
    assert page_ages.STAMP.search((ROOT / "docs" / f"{name}.md").read_text("utf-8"))
