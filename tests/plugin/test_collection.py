"""Lost tests in real runs: found once, whatever part of the tests is run; and what is no loss."""

from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

TWINS = """
def test_sum():{comment}
    assert 1 + 1 == 3

def test_sum():
    assert 1 + 1 == 2

def test_other():
    assert True

class TestShop:
    def test_open(self):
        assert True

    def test_closed(self):
        assert True
"""
LOST = TWINS.format(comment="")
WHOLE = LOST.replace("test_sum", "test_total", 1)
REPORT = "--loopcheck-json=report.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def lost(project: Project) -> list[tuple[str, str, int]]:
    found = [one for one in project.report()["findings"] if one["code"] == "LC306"]
    return [(one["phase"], one["where"]["file"], one["where"]["line"]) for one in found]


def test_a_lost_test_is_a_line_at_the_end_and_a_finding(project: Project) -> None:
    project.write("test_it.py", LOST)
    ended = project.run("--loopcheck", REPORT)
    assert ended.returncode == pytest.ExitCode.OK
    assert "\ntest_it.py:2: LC306 lost-tests: `test_sum` at test_it.py:2 never runs" in ended.stdout
    assert lost(project) == [("collect", "test_it.py", 2)]
    assert "test" not in project.report()["findings"][0]


@pytest.mark.parametrize(
    "options",
    [
        ("--co",),
        ("-k", "other"),
        ("-x",),
        ("--tb=no", "-q"),
        ("--deselect", "test_it.py::test_sum"),
        ("test_it.py",),
        ("-p", "no:terminal"),
    ],
    ids=" ".join,
)
def test_it_is_found_by_every_run_that_reads_its_file(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("test_it.py", LOST)
    ended = project.run("--loopcheck", REPORT, *options)
    assert "INTERNALERROR" not in ended.stdout + ended.stderr
    assert lost(project) == [("collect", "test_it.py", 2)]


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "open"),
        ("-m", "slow"),
        ("--deselect", "test_it.py::test_sum"),
        ("--deselect", "test_it.py::TestShop"),
        ("test_it.py::TestShop::test_open",),
        ("test_it.py::test_other", "test_it.py::TestShop::test_open"),
        ("--ignore", "test_more.py"),
        ("test_it.py",),
        ("--co",),
    ],
    ids=" ".join,
)
def test_what_was_left_out_on_purpose_is_not_lost(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("test_it.py", WHOLE.replace("== 3", "== 2"))
    project.write(
        "test_base.py", "class Contract:\n    def test_it(self):\n        assert self.made\n"
    )
    project.write(
        "test_more.py",
        "from test_base import Contract\n\nclass TestMore(Contract):\n    made = True\n",
    )
    project.run("--loopcheck", REPORT, *options)
    assert project.report()["findings"] == []


def test_who_asks_for_one_test_by_its_name_is_told_of_no_other(project: Project) -> None:
    project.write("test_it.py", LOST)
    project.run("--loopcheck", REPORT, "test_it.py::test_other")
    assert lost(project) == []


def test_a_second_run_of_what_failed_loses_nothing(project: Project) -> None:
    project.write("test_it.py", WHOLE)
    cache = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin")
    project.run(plugins=cache)
    ended = project.run("--loopcheck", REPORT, "--lf", plugins=cache)
    assert "1 failed" in ended.stdout
    assert lost(project) == []


def test_workers_tell_of_it_once(project: Project) -> None:
    project.write("test_it.py", LOST)
    options = ("-n", "2", "--loopcheck", REPORT, "--loopcheck-fail=LC306")
    ended = project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert lost(project) == [("collect", "test_it.py", 2)]
    assert ended.stdout.count("LC306 lost-tests") == 1
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("codes", ["all", "LC3xx", "lost-tests"])
def test_asked_to_it_fails_the_run(project: Project, codes: str) -> None:
    project.write("test_it.py", LOST)
    ended = project.run(f"--loopcheck-fail={codes}")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "The run fails for LC306: --loopcheck-fail." in ended.stdout
    assert "4 passed" in ended.stdout


def test_a_code_that_was_not_asked_for_fails_nothing(project: Project) -> None:
    project.write("test_it.py", LOST)
    assert project.run("--loopcheck-fail=LC2xx").returncode == pytest.ExitCode.OK


def test_a_comment_waives_it(project: Project) -> None:
    project.write("test_it.py", TWINS.format(comment="  # loopcheck: ignore[LC306]"))
    ended = project.run("--loopcheck-fail=all", REPORT)
    assert ended.returncode == pytest.ExitCode.OK
    assert project.report()["counts"]["ignored"] == 1


def test_a_file_that_cannot_be_imported_takes_no_other_with_it(project: Project) -> None:
    project.write("test_it.py", LOST)
    project.write("test_broken.py", "import nothing_of_that_name\n")
    project.write("tests_more.py", "def test_it():\n    assert True\n")
    ended = project.run("--loopcheck", REPORT)
    assert ended.returncode == pytest.ExitCode.INTERRUPTED
    assert lost(project) == [("collect", "test_it.py", 2)]


def test_a_fault_of_ours_is_a_line_at_the_end(project: Project) -> None:
    project.write("test_it.py", LOST)
    project.write(
        "conftest.py",
        "from loopcheck.runner import lost_tests\n"
        "def broken(*args):\n    raise KeyError('ours')\n"
        "lost_tests.read = broken\n",
    )
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.OK
    assert "KeyError: 'ours'; please report it" in ended.stdout


INTERRUPTED = """
import pytest

def test_sum():
    assert {}["key"]

def test_stopped():
    raise KeyboardInterrupt

def test_never():
    assert True
"""


def test_the_report_is_whole_after_ctrl_c(project: Project) -> None:
    project.write("test_it.py", LOST)
    project.write("test_stop.py", INTERRUPTED)
    ended = project.run("--loopcheck", REPORT)
    assert ended.returncode == pytest.ExitCode.INTERRUPTED
    assert lost(project) == [("collect", "test_it.py", 2)]
    assert project.report()["counts"]["tests"] == 6


def test_the_report_is_whole_after_ctrl_c_while_files_are_read(project: Project) -> None:
    project.write("test_it.py", LOST)
    project.write("test_stop.py", "raise KeyboardInterrupt\n")
    ended = project.run("--loopcheck", REPORT)
    assert ended.returncode == pytest.ExitCode.INTERRUPTED
    assert lost(project) == [("collect", "test_it.py", 2)]


def test_collecting_only_looks_at_no_test(project: Project) -> None:
    project.write("test_it.py", WHOLE)
    ended = project.run("--loopcheck", "--co", REPORT)
    assert "loopcheck -" not in ended.stdout
    assert project.report()["counts"]["tests"] == 0
