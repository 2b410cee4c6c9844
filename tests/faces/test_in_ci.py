"""What CI reads: GitHub's annotations beside the lines, and JUnit's properties."""

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
