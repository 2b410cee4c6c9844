"""What a release says of itself: one version, one date, and what a user should know first."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

import loopcheck

ROOT = Path(__file__).resolve().parents[1]
RELEASE = re.compile(r"(?m)^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$")
LONGEST = 60  # lines about one release: two minutes


def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text("utf-8")


def citation() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    return read


def classifiers() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return list(project["classifiers"])


def test_the_changelog_has_what_is_unreleased_on_top_and_then_this_version() -> None:
    headings = re.findall(r"(?m)^## (.+)$", changelog())
    assert headings[0] == "Unreleased"
    assert headings[1].split()[0] == loopcheck.__version__
    assert all(RELEASE.fullmatch(f"## {heading}") for heading in headings[1:])


def test_a_release_is_read_in_two_minutes() -> None:
    _, *releases = re.split(r"(?m)^## ", changelog())[1:]
    assert releases
    for text in releases:
        assert len(text.splitlines()) <= LONGEST, text.splitlines()[0]


def test_the_citation_has_the_version_and_the_date_of_the_changelog() -> None:
    released = RELEASE.search(changelog())
    assert released is not None
    read = citation()
    assert (str(read["version"]), str(read["date-released"])) == released.groups()
    assert read["license"] == "BSD-3-Clause"


def test_the_classifiers_are_beta_and_name_the_pythons_that_were_tried() -> None:
    assert "Development Status :: 4 - Beta" in classifiers()
    tried = set(re.findall(r"\| (3\.\d+)\.\d+ \|", (ROOT / "docs/versions.md").read_text("utf-8")))
    said = {one.rpartition(" ")[2] for one in classifiers() if one.startswith("Programming")}
    assert said - {"Only"} == tried


def test_the_page_on_security_says_where_to_report_and_what_gets_fixes() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    major, minor, _ = loopcheck.__version__.split(".")
    assert f"{major}.{minor}" in page
    assert "Report" in page
