"""What CI reads: GitHub's annotations and its job summary, and JUnit's properties."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

from loopcheck.modes.finding import Finding
from loopcheck.records import Place
from loopcheck.report import github

DROPS = """
import pytest

async def check():
    assert False

@pytest.mark.asyncio
async def test_drops():
    check()
"""
WORKERS = (*PLUGINS, "-p", "xdist.plugin")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    (tmp_path / "shop").mkdir()
    made = Project(tmp_path / "shop")
    made.write("test_jobs.py", MISMATCH)
    made.write("test_it.py", DROPS)
    return made


def commands(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("::")]


def properties(project: Project, tag: str) -> dict[str, list[str]]:
    tree = ElementTree.parse(project.root / "junit.xml")
    return {
        case.get("name", ""): [
            each.get("value", "")
            for each in case.findall("properties/property")
            if each.get("name") == "loopcheck"
        ]
        for case in tree.iter(tag)
    }


def test_each_fault_is_one_annotation_at_its_line_from_the_repository(project: Project) -> None:
    failed, left = commands(project.run("--loopcheck").stdout)
    head = "::error file=shop/test_jobs.py,line=5,title=LC102 loop-mismatch::`ready` belongs to "
    assert failed.startswith(head)
    assert failed.endswith("%0AIn test_jobs.py::test_two, and 1 more")
    head = "::warning file=shop/test_it.py,line=9,title=LC202 never-awaited::A coroutine of `check"
    assert left.startswith(head)


def test_a_log_for_code_scanning_has_each_fault_at_its_line(project: Project) -> None:
    project.run("--loopcheck-sarif=log.sarif", "-n", "2", "--dist", "loadfile", plugins=WORKERS)
    (run,) = project.report("log.sarif")["runs"]
    failed, left = run["results"]
    assert [(one["ruleId"], one["level"]) for one in (failed, left)] == [
        ("LC102", "error"),
        ("LC202", "warning"),
    ]
    place = left["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "shop/test_it.py"
    assert place["region"] == {"startLine": 9, "snippet": {"text": "check()"}}
    (change,) = left["fixes"][0]["artifactChanges"]
    assert [one["insertedContent"]["text"] for one in change["replacements"]] == ["await "]


def test_a_log_that_cannot_be_written_is_one_clear_line(project: Project) -> None:
    said = project.run("--loopcheck-sarif=pytest.ini/log.sarif").stderr
    assert said.startswith("ERROR: --loopcheck-sarif: ")


def test_the_workers_write_none_of_their_own(project: Project) -> None:
    said = project.run("--loopcheck", "-n", "2", "--dist", "loadfile", plugins=WORKERS).stdout
    assert [line.split("::")[1].split(",title")[0] for line in commands(said)] == [
        "error file=shop/test_jobs.py,line=5",
        "warning file=shop/test_it.py,line=9",
    ]


def test_a_code_that_fails_tests_is_an_error(project: Project) -> None:
    said = commands(project.run("--loopcheck-fail=LC202").stdout)
    assert [line.split()[0] for line in said] == ["::error", "::error"]


@pytest.mark.parametrize("options", [(), ("--loopcheck", "-p", "no:terminal")])
def test_none_is_written_unless_asked_and_shown(project: Project, options: tuple[str, ...]) -> None:
    assert not commands(project.run(*options).stdout)


@pytest.mark.parametrize("value", ["", "false"])
def test_none_is_written_elsewhere(
    project: Project, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", value)
    assert not commands(project.run("--loopcheck").stdout)


def test_a_checkout_in_a_folder_of_the_workspace_is_the_root(project: Project) -> None:
    project.write(".git/HEAD", "")
    assert " file=test_jobs.py," in project.run("--loopcheck").stdout


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    return file


def test_the_job_summary_has_a_row_for_each_fault(project: Project, summary: Path) -> None:
    summary.write_text("### Of the step before\n\n")
    project.run("--loopcheck")
    said = summary.read_text()
    assert said.startswith("### Of the step before\n\n### loopcheck\n\n<table>")
    rows = said.split("<tr>")[2:]
    assert [row.partition("<br>")[0] for row in rows] == [
        "<td>LC102 loop-mismatch",
        "<td>LC202 never-awaited",
    ]
    assert "<code>shop/test_jobs.py:5</code>" in rows[0]
    assert "test_jobs.py::test_two, and 1 more" in rows[0]
    assert "2 failed: 2 explained" in said


def test_the_workers_write_one_summary(project: Project, summary: Path) -> None:
    project.run("--loopcheck", "-n", "2", "--dist", "loadfile", plugins=WORKERS)
    assert summary.read_text().count("### loopcheck") == 1


def test_a_summary_without_findings_says_so(project: Project, summary: Path) -> None:
    project.write("test_sum.py", "def test_sum():\n    assert 1 + 1 == 2\n")
    project.run("--loopcheck", "test_sum.py")
    assert summary.read_text() == "### loopcheck\n\nNothing found.\n\n"


def test_a_failure_that_nothing_explains_is_no_all_clear(project: Project, summary: Path) -> None:
    project.write("test_sum.py", "def test_sum():\n    assert 1 + 1 == 3\n")
    project.run("--loopcheck", "test_sum.py")
    assert "Nothing found" not in summary.read_text()
    assert "1 failed: none explained" in summary.read_text()


def test_a_summary_that_cannot_be_written_changes_no_outcome(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))  # a folder
    project.write("test_sum.py", "def test_sum():\n    assert 1 + 1 == 2\n")
    assert project.run("--loopcheck", "test_sum.py").returncode == 0


def test_words_of_a_test_are_no_markup_of_the_summary() -> None:
    found = Finding(
        code="LC999",
        slug="odd",
        certainty="certain",
        what="<script>|\n\n# x",
        why="so",
        fix="`do`</td>",
        where=Place("a<b>.py", 3),
        test="test[<i>|\n]",
    )
    said = github.summary([found], [], [], lambda file: file)
    assert "<script>" not in said
    assert "<i>" not in said
    assert "a&lt;b&gt;.py:3" in said
    table = said.partition("<table>")[2].partition("</table>")[0]
    assert "\n\n" not in table  # a blank line ends GitHub's HTML


def test_what_github_would_read_as_its_own_is_escaped() -> None:
    found = Finding(
        code="LC999",
        slug="odd,one:",
        certainty="certain",
        what="100 %,\r\nof: all",
        why="so",
        fix="do",
        where=Place("a:b,c%.py", 3),
    )
    [said] = github.lines([found], [found], lambda file: file)
    assert said == (
        "::error file=a%3Ab%2Cc%25.py,line=3,title=LC999 odd%2Cone%3A"
        "::100 %25,%0Aof: all%0Aso%0AFix: do"
    )
    [outside] = github.lines([], [found], lambda file: None)
    assert outside.startswith("::warning title=LC999")


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_code_is_a_property_of_its_test(
    project: Project, family: str, workers: tuple[str, ...]
) -> None:
    project.write(
        "test_both.py", MISMATCH.replace("    return await", "    wait()\n    return await")
    )
    options = ("--junitxml=junit.xml", "-o", f"junit_family={family}", *workers)
    ended = project.run("--loopcheck", *options, plugins=WORKERS)
    assert "record_property" not in ended.stdout
    assert properties(project, "testcase")["test_drops"] == ["LC202"]
    tree = ElementTree.parse(project.root / "junit.xml")
    jobs = [case for case in tree.iter("testcase") if case.get("classname") == "test_jobs"]
    failed = [case for case in jobs if case.find("failure") is not None]
    said = [case.find("properties/property") for case in failed]
    assert said
    assert {each.get("value") for each in said if each is not None} == {"LC102"}
    assert all(case.find("properties") is None for case in jobs if case not in failed)


def test_a_fault_in_two_phases_of_a_test_is_one_property(project: Project) -> None:
    project.write(
        "test_it.py",
        DROPS + "    import asyncio\n    loop = asyncio.new_event_loop()\n"
        "    gone = loop.create_future()\n    loop.close()\n    await gone\n",
    )
    project.run("--loopcheck", "--junitxml=junit.xml")
    assert properties(project, "testcase")["test_drops"] == ["LC102,LC202"]


def test_a_fault_found_after_its_test_is_a_property_of_the_suite(project: Project) -> None:
    project.write(
        "test_it.py",
        DROPS.replace("    check()", "    kept.append(check())") + "\nkept = []\n"
        "def test_later():\n    kept.clear()\n",
    )
    project.run("--loopcheck", "--junitxml=junit.xml", "test_it.py")
    assert properties(project, "testsuite")["pytest"] == ["LC202 test_it.py::test_drops"]
    assert properties(project, "testcase") == {"test_drops": [], "test_later": []}
