"""Findings reach what others make of a report: the failure's own text has them."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

HEAD = "LC102 loop-mismatch (certain)"
WORKERS = (*PLUGINS, "-p", "xdist.plugin")
# A reporter in the place of pytest's terminal, as those for agents and for TAP are.
REPLACED = """
import pytest

class Reporter:
    def pytest_runtest_logreport(self, report):
        if report.failed:
            print("FAILED", report.nodeid, flush=True)
            print({shown}, flush=True)

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        plugins = config.pluginmanager
        plugins.unregister(plugins.getplugin("terminalreporter"))
        plugins.register(Reporter())
        plugins.getplugin("capturemanager").suspend_global_capture()
"""
# As Allure does: a wrapper around reports copies the text at once.
COPIES = """
import json
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    made = yield
    if made.failed:
        with open("copied.jsonl", "a") as file:
            file.write(json.dumps([made.nodeid, made.longreprtext]) + "\\n")
    return made
"""
DROPPED = """
@pytest.mark.asyncio
async def test_drops():
    waiting = []
    wait()
    assert waiting == [1]
"""
# As writers of JSON do: they take the failure's text and the sections of each report.
HEARS = """
import json

def pytest_runtest_logreport(report):
    if report.failed:
        with open("heard.jsonl", "a") as file:
            file.write(json.dumps(f"{report.longreprtext} {report.sections}") + "\\n")
"""
FIXTURE = """
@pytest.fixture
def gate():
    asyncio.run(wait())

def test_with_a_fixture(gate):
    pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_jobs.py", MISMATCH)
    return made


@pytest.mark.parametrize("workers", [False, True])
@pytest.mark.parametrize("shown", ["report.longreprtext", "report.sections"])
def test_another_terminal_has_the_finding_of_each_test(
    project: Project, shown: str, workers: bool
) -> None:
    project.write("conftest.py", REPLACED.format(shown=shown))
    options = ("-n", "1") if workers else ()
    said = project.run("--loopcheck", *options, plugins=WORKERS if workers else PLUGINS).stdout
    _, two, three = said.split("FAILED ")
    assert two.startswith("test_jobs.py::test_two\n")
    assert [one.count(HEAD) for one in (two, three)] == [1, 1]


def test_another_terminal_leaves_the_summary_to_the_error_stream(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH + DROPPED)
    project.write("conftest.py", REPLACED.format(shown="report.longreprtext"))
    ended = project.run("--loopcheck")
    assert "LC202" not in ended.stdout  # nobody knew before the test had failed
    assert ended.stderr.splitlines()[1:] == [
        "test_jobs.py:27: LC202 never-awaited: A coroutine of `wait` was created and never "
        "awaited. (test_jobs.py::test_drops)",
        "test_jobs.py:5: LC102 loop-mismatch: `ready`, 2 times",
        "LC102 2, LC202 1",
        "3 failed: 3 explained",
        "next: loopcheck fix test_jobs.py",
    ]


def test_a_run_without_a_terminal_stays_silent(project: Project) -> None:
    ended = project.run("--loopcheck", "-p", "no:terminal")
    assert (ended.stdout, ended.stderr) == ("", "")


def test_an_error_of_a_fixture_is_told_once(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH + FIXTURE)
    both = "report.longreprtext, report.sections"
    project.write("conftest.py", REPLACED.format(shown=both))
    said = project.run("--loopcheck").stdout
    assert said.split("FAILED ")[-1].count(HEAD) == 1


def test_what_copies_a_report_as_it_is_made_has_each_finding(project: Project) -> None:
    project.write("conftest.py", COPIES)
    project.run("--loopcheck")
    copied = [json.loads(line) for line in (project.root / "copied.jsonl").open()]
    assert [(name, said.count(HEAD)) for name, said in copied] == [
        ("test_jobs.py::test_two", 1),
        ("test_jobs.py::test_three", 1),
    ]


def test_junit_xml_has_the_finding_in_the_failure(project: Project) -> None:
    project.run("--loopcheck", "--junitxml=report.xml")
    tree = ElementTree.parse(project.root / "report.xml")
    failures = [one.text or "" for one in tree.iter("failure")]
    assert [said.count(HEAD) for said in failures] == [1, 1]
    assert [one.get("value") for one in tree.iter("property")] == ["LC102", "LC102"]


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "a worker"])
def test_no_report_has_a_finding_twice(project: Project, workers: tuple[str, ...]) -> None:
    project.write("conftest.py", HEARS)
    project.run("--loopcheck", *workers, plugins=WORKERS if workers else PLUGINS)
    heard = [json.loads(line) for line in (project.root / "heard.jsonl").open()]
    assert {said.count(HEAD) for said in heard} == {1}


def test_pytest_that_shows_no_captured_output_shows_findings(project: Project) -> None:
    said = project.run("--loopcheck", "--show-capture=no").stdout
    assert said.count(HEAD) == 1
