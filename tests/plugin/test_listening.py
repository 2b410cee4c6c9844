"""Who listens to reports: hardly anybody while tests pass, all from the first that does not."""

from pathlib import Path

import pytest
from test_plugin import MISMATCH, PLAIN, Project

EXPECTED = """
import pytest

@pytest.mark.xfail
def test_expected():
    assert 1 + 1 == 3

@pytest.mark.xfail(raises=KeyError)
def test_of_another_kind():
    assert 1 + 1 == 3

@pytest.mark.xfail(strict=True)
def test_unexpected():
    pass
"""
# A conftest that counts the reports that go through it, and one that makes them.
COUNTS = """
import pytest

@pytest.hookimpl(wrapper=True, tryfirst={tryfirst})
def pytest_runtest_makereport(item, call):
    made = yield
    made.sections.append(("counted", "one more"))
    return made
"""
MAKES = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    return pytest.TestReport.from_item_and_call(item, call)
"""
# As a quarantine of flaky tests does.
FORGIVES = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    made = yield
    if made.outcome == "failed":
        made.outcome, made.longrepr = "skipped", (__file__, 1, "quarantine")
    return made
"""
TWO_ERRORS = """
import unittest

class Test(unittest.IsolatedAsyncioTestCase):
    async def asyncTearDown(self):
        raise KeyError("second")

    async def test_one(self):
        raise KeyError("first")
"""
SHOWN = """
import pytest

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    hooks = session.config.hook.pytest_runtest_logreport.get_hookimpls()
    print("\\nlistens:", any(one.plugin_name == "loopcheck-listening" for one in hooks))
"""
TAKES = """
def known(names, name):
    try:
        return bool(names[name]) or True
    except KeyError:
        return True

def test_it():
    assert known({}, "a")
"""
PASSES = "def test_one():\n    pass\n\ndef test_two():\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def listens(project: Project, *options: str) -> bool:
    project.write("shown.py", SHOWN)
    said = project.run("--loopcheck", "-s", "-p", "shown", *options).stdout
    return "listens: True" in said


def test_nobody_listens_while_tests_pass(project: Project) -> None:
    project.write("test_it.py", PASSES)
    assert not listens(project)


def test_nobody_listens_for_a_warning_that_is_about_no_coroutine(project: Project) -> None:
    warns = "import warnings\n\ndef test_it():\n    warnings.warn('old', DeprecationWarning)\n"
    project.write("test_it.py", warns)
    assert not listens(project)


def test_nobody_listens_for_an_error_that_is_taken_by_its_name(project: Project) -> None:
    project.write("test_it.py", TAKES)
    assert not listens(project)


def test_somebody_does_from_the_first_that_fails(project: Project) -> None:
    project.write("test_it.py", PASSES + PLAIN)
    assert listens(project)


def test_a_conftest_that_makes_reports_is_listened_to_from_the_start(project: Project) -> None:
    project.write("conftest.py", MAKES)
    project.write("test_it.py", PASSES)
    assert listens(project)
    project.write("test_it.py", MISMATCH)
    assert "LC102 loop-mismatch" in project.run("--loopcheck").stdout


@pytest.mark.parametrize("tryfirst", [True, False])
def test_what_others_put_around_a_report_comes_once(project: Project, tryfirst: bool) -> None:
    project.write("conftest.py", COUNTS.format(tryfirst=tryfirst))
    project.write("test_it.py", MISMATCH)
    said = project.run("--loopcheck").stdout
    assert said.count("- counted -") == 2  # tests that fail
    assert said.count("- loopcheck -") == 3  # and the summary


def test_expected_failures_stay_what_they_are(project: Project) -> None:
    project.write("test_it.py", EXPECTED)
    project.run("--loopcheck-json=report.json", "--junitxml=with.xml")
    said = project.run("--loopcheck", "--loopcheck-json=report.json").stdout
    assert "2 failed, 1 xfailed" in said
    assert project.report()["failed"] == 2
    all_expected = MISMATCH.replace("@pytest", "@pytest.mark.xfail\n@pytest")
    project.write("test_it.py", all_expected)
    said = project.run("--loopcheck").stdout
    assert "2 xfailed, 1 xpassed" in said
    assert "LC102" not in said


def test_who_passes_against_expectation_is_counted(project: Project) -> None:
    project.write("test_it.py", PASSES + EXPECTED)
    said = project.run("--loopcheck-json=report.json", "-k", "unexpected or one").stdout
    assert "1 failed, 1 passed" in said
    assert project.report()["failed"] == 1


def test_what_others_forgive_is_not_found(project: Project) -> None:
    project.write("conftest.py", FORGIVES)
    project.write("test_it.py", MISMATCH)
    said = project.run("--loopcheck-json=report.json", "--loopcheck").stdout
    assert "1 passed, 2 skipped" in said
    assert "LC102" not in said
    assert project.report()["findings"] == []


def test_of_two_errors_of_one_test_each_is_reported(project: Project) -> None:
    project.write("test_it.py", TWO_ERRORS)
    plain, looked = (
        project.run("--tb=line", "-q", *asked).stdout for asked in ((), ["--loopcheck"])
    )
    for error in ("KeyError: 'first'", "KeyError: 'second'"):
        assert plain.count(error) == looked.count(error) > 0
