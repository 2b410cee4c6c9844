"""docs/reporters.md: its table, its lists and its matcher for VS Code are what really happens."""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from test_format import DROPPED, ours
from test_plugin import MISMATCH, Project

from loopcheck.plugin.reporting.terminal_format import AGENTS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
import try_reporters  # noqa: E402

REPORTERS = tomllib.loads(try_reporters.KNOWN.read_text("utf-8"))["reporters"]
PAGE = try_reporters.PAGE.read_text("utf-8")
TASKS = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MATCHED = {
    ("test_jobs.py", "5", "LC102"),
    ("test_shop.py", "12", "LC202"),
    ("test_shop.py", "17", "LC201"),
}
FOUND = [{"code": "LC102", "slug": "loop-mismatch", "count": 2, "what": '`ready` is "late".'}]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_jobs.py", MISMATCH)
    made.write("test_shop.py", DROPPED)
    return made


def test_each_reporter_shows_each_cause_once_and_changes_no_outcome() -> None:
    rows = try_reporters.rows(try_reporters.block("reporters"))
    assert [*rows] == [*REPORTERS]
    for name, line in rows.items():
        cells = line.strip("| ").split(" | ")
        assert cells[1] == REPORTERS[name]["version"]
        assert cells[-3:] == ["4 of 4", "equal", "once"]


@pytest.mark.parametrize(
    ("told", "shown", "most"),
    [
        ('LC102 loop-mismatch\nwhat   `ready` is\n      "late".\n', 1, 1),
        ("│ LC102 loop-mismatch │\n│ `ready` is       │\n│ &quot;late&quot;. │", 1, 1),
        ('{"text": "LC102 loop-mismatch\\nwhat `ready`\\n is \\"late\\"."}', 1, 1),
        ('LC102 loop-mismatch `ready` is "late".' * 3, 1, 2),
        ('`ready` is "late".', 0, 1),
        ("LC102 loop-mismatch", 0, 0),
    ],
)
def test_a_cause_is_found_in_text_html_and_json(told: str, shown: int, most: int) -> None:
    seen = try_reporters.looked(told, FOUND, "LC102", [])
    assert (seen.shown, seen.most) == (shown, most)


def test_the_page_lists_the_variables_of_coding_agents() -> None:
    assert tuple(re.findall(r"`(\w+)`", try_reporters.block("agents"))) == AGENTS


def test_the_page_shows_what_brief_prints(project: Project) -> None:
    shown = try_reporters.block("brief").removeprefix("```text\n").removesuffix("```")
    assert shown in project.run("--loopcheck-format=brief").stdout


@pytest.mark.parametrize("form", ["full", "brief"])
def test_the_matcher_for_vs_code_finds_each_cause(project: Project, form: str) -> None:
    [tasks] = TASKS.findall(PAGE)
    [task] = json.loads(tasks)["tasks"]
    options = task["args"][2:]  # after `-m pytest`
    said = project.run(*options, f"--loopcheck-format={form}").stdout
    matcher: dict[str, Any] = task["problemMatcher"]["pattern"]
    pattern = re.compile(matcher["regexp"])
    found = [one for one in map(pattern.search, said.splitlines()) if one]
    parts = ("file", "line", "code")
    assert {tuple(one[matcher[part]] for part in parts) for one in found} == MATCHED
    assert all(one[0] in ours(said) for one in found)
    assert all(one[matcher["message"]].startswith(one[matcher["code"]]) for one in found)
