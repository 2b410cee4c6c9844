"""Faults in tests that pass: a line each, a code that may fail them, and ways to waive them."""

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from test_plugin import PLUGINS, Project

DROPS = """
import pytest

async def check():
    assert False

@pytest.mark.asyncio
async def test_drops():
    check(){comment}

@pytest.mark.asyncio
async def test_awaits():
    with pytest.raises(AssertionError):
        await check()
"""
DROPPED = DROPS.format(comment="")
DROPS_AND_FAILS = """
import asyncio

import pytest

async def save():
    pass

def test_drops():
    save()

rows = []

async def fill(source):
    await source
    rows.append(1)

@pytest.mark.asyncio
async def test_asserts_too_early():
    task = asyncio.create_task(fill(asyncio.sleep(0.01)))
    await asyncio.sleep(0)
    assert rows == [1]
    await task
"""
OWN_CHECKS = """
import gc
import logging
import warnings

import pytest

pytestmark = pytest.mark.asyncio

async def work():
    raise KeyError("lost")

async def test_warnings(recwarn):
    work()
    gc.collect()
    assert [one.category for one in recwarn] == [RuntimeWarning]
    assert recwarn[0].filename == __file__
    assert "Coroutine created at" not in str(recwarn[0].message)

async def test_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not gc.callbacks

async def test_log(caplog):
    import asyncio
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    del task
    gc.collect()
    assert [one.name for one in caplog.records] == ["asyncio"]

async def test_factory():
    import asyncio, sys
    assert asyncio.get_running_loop().get_task_factory() is None
    assert sys.gettrace() is None or "coverage" in sys.modules
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def outcomes(run: "subprocess.CompletedProcess[str]") -> Counter[str]:
    lines = (line.split() for line in run.stdout.splitlines())
    words = ("PASSED", "FAILED", "ERROR")
    return Counter(" ".join(line[:2]) for line in lines if line and line[0] in words)


def silent(report: Any) -> list[tuple[str, str, str, int]]:
    return [
        (found["code"], found["test"], found["phase"], found["where"]["line"])
        for found in report["findings"]
    ]


def test_a_silent_fault_is_a_line_at_the_end_and_a_finding(project: Project) -> None:
    project.write("test_it.py", DROPPED)
    ended = project.run("--loopcheck", "--loopcheck-json=report.json")
    assert ended.returncode == pytest.ExitCode.OK
    assert "\ntest_it.py:9: LC202 never-awaited: A corout" in ended.stdout
    assert "\nLC202 1\n" in ended.stdout
    report = project.report()
    assert silent(report) == [("LC202", "test_it.py::test_drops", "call", 9)]
    assert report["counts"] == {"tests": 2, "explained": 0, "ignored": 0}


def test_workers_send_their_silent_faults_along(project: Project) -> None:
    project.write("test_it.py", DROPPED)
    options = ("-n", "2", "--loopcheck", "--loopcheck-json=report.json", "--loopcheck-fail=all")
    ended = project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert silent(project.report()) == [("LC202", "test_it.py::test_drops", "call", 9)]
    assert "2 passed, 1 warning, 1 error" in ended.stdout


@pytest.mark.parametrize("codes", ["all", "LC2xx", "lc202", "LC102,LC202", "never-awaited"])
def test_a_chosen_code_fails_the_guilty_test_at_its_end(project: Project, codes: str) -> None:
    project.write("test_it.py", DROPPED)
    ended = project.run(f"--loopcheck-fail={codes}", "-rA")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert outcomes(ended) == {
        "PASSED test_it.py::test_drops": 1,
        "PASSED test_it.py::test_awaits": 1,
        "ERROR test_it.py::test_drops": 1,
    }
    assert "change   test_it.py:9" in ended.stdout


HELD = """
import aiohttp
import pytest
import pytest_asyncio

@pytest_asyncio.fixture
async def site():
    yield aiohttp.ClientSession()

@pytest.mark.asyncio
async def test_site(site):
    assert not site.closed
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_is_found_after_the_last_report_fails_the_run(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("test_it.py", HELD)
    plugins = (*PLUGINS, "-p", "xdist.plugin")
    ended = project.run("--loopcheck-fail=LC307", *workers, plugins=plugins)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 passed" in ended.stdout
    assert "The run fails for LC307: --loopcheck-fail." in ended.stdout
    ended = project.run("--loopcheck-fail=LC2xx", *workers, plugins=plugins)
    assert ended.returncode == pytest.ExitCode.OK
    assert "LC307 unclosed-resource" in ended.stdout


def test_a_code_that_was_not_chosen_fails_nothing(project: Project) -> None:
    project.write("test_it.py", DROPPED)
    assert project.run("--loopcheck-fail=LC102").returncode == pytest.ExitCode.OK


def test_the_ini_chooses_too(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_fail = LC202\n")
    project.write("test_it.py", DROPPED)
    assert project.run().returncode == pytest.ExitCode.TESTS_FAILED


def test_a_code_that_does_not_exist_ends_the_run_before_it_begins(project: Project) -> None:
    project.write("test_it.py", DROPPED)
    ended = project.run("--loopcheck-fail=LC292")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--loopcheck-fail: there is no `LC292`. Near it: LC" in ended.stderr
    assert "Choose from all, LC1xx, LC2xx" in ended.stderr
    assert "passed" not in ended.stdout


def test_a_comment_waives_its_line_and_is_counted(project: Project) -> None:
    project.write("test_it.py", DROPS.format(comment="  # loopcheck: ignore[LC202]"))
    ended = project.run("--loopcheck-fail=all", "--loopcheck-json=report.json")
    assert ended.returncode == pytest.ExitCode.OK
    assert "ignored: LC202 1" in ended.stdout
    assert project.report()["findings"] == []
    assert project.report()["counts"]["ignored"] == 1


def test_a_comment_for_another_code_waives_nothing(project: Project) -> None:
    project.write("test_it.py", DROPS.format(comment="  # loopcheck: ignore[LC102]"))
    assert project.run("--loopcheck-fail=all").returncode == pytest.ExitCode.TESTS_FAILED


def test_a_mark_waives_its_test_also_where_marks_are_strict(project: Project) -> None:
    marked = DROPPED.replace("import pytest\n", "import pytest\nwaived = ['LC202']\n", 1).replace(
        "@pytest", "@pytest.mark.loopcheck(ignore=waived)\n@pytest", 1
    )
    project.write("test_it.py", marked)
    ended = project.run("--loopcheck-fail=all", "--strict-markers")
    assert ended.returncode == pytest.ExitCode.OK
    assert "ignored: LC202 1" in ended.stdout
    assert project.run("--strict-markers").returncode == pytest.ExitCode.OK


def test_the_ini_waives_everywhere(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_ignore = LC202 LC102\n")
    project.write("test_it.py", DROPPED)
    ended = project.run("--loopcheck-fail=all")
    assert ended.returncode == pytest.ExitCode.OK
    assert "ignored: LC202 1" in ended.stdout


def test_what_tests_check_themselves_is_the_same_with_and_without(project: Project) -> None:
    project.write("test_own.py", OWN_CHECKS)
    with_it, without = project.run("--loopcheck", "-rA"), project.run("-rA")
    assert outcomes(with_it) == outcomes(without)
    assert with_it.returncode == without.returncode == pytest.ExitCode.OK, with_it.stdout


def test_a_fault_of_ours_is_a_line_at_the_end(project: Project) -> None:
    project.write("test_it.py", DROPPED)
    project.write(
        "conftest.py",
        "from loopcheck.case import finished_test_evidence as quiet\n"
        "def broken(*args):\n    raise KeyError('ours')\n"
        "quiet.of_tests = broken\n",
    )
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.OK
    assert "loopcheck could not look at what a test left: KeyError: 'ours'" in ended.stdout


def test_who_started_the_tasks_of_a_failed_test_is_not_searched_for(project: Project) -> None:
    """It had no time to end them, and to read the files of a project takes a tenth of a second."""
    project.write(
        "test_it.py",
        "import asyncio\nimport pytest\n\n"
        "@pytest.mark.asyncio\nasync def test_it():\n"
        "    task = asyncio.create_task(asyncio.sleep(30))\n    assert task.done()\n",
    )
    project.write(
        "conftest.py",
        "from loopcheck.case import finished_test_evidence as quiet\n"
        "def searched(*args):\n    raise KeyError('searched')\n"
        "quiet.leaked = searched\n",
    )
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "searched" not in ended.stdout


def test_a_failing_test_says_its_dropped_coroutine_once(project: Project) -> None:
    project.write(
        "test_it.py",
        "import pytest\n\nasync def get():\n    return 1\n\n"
        "@pytest.mark.asyncio\nasync def test_get():\n    assert get() == 1\n\n"
        "def test_other():\n    assert 1 == 2\n",
    )
    project.run("--loopcheck-json=report.json")
    assert silent(project.report()) == [("LC202", "test_it.py::test_get", "call", 8)]
    assert project.report()["counts"]["explained"] == 1


UNRUN = """
import unittest

class TestUser(unittest.TestCase):
    async def test_name(self):{comment}
        self.assertEqual(1, 2)

    def test_plain(self):
        self.assertEqual(1, 1)
"""


def test_an_async_test_that_passes_unrun_is_a_silent_fault(project: Project) -> None:
    project.write("test_it.py", UNRUN.format(comment=""))
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", "-W", "ignore")
    assert ended.returncode == pytest.ExitCode.OK
    assert silent(project.report()) == [("LC303", "test_it.py::TestUser::test_name", "call", 5)]
    assert project.report()["counts"]["explained"] == 0


def test_asked_to_an_unrun_test_fails_at_its_end(project: Project) -> None:
    project.write("test_it.py", UNRUN.format(comment=""))
    ended = project.run("--loopcheck-fail=LC303", "-rA")
    assert outcomes(ended)["ERROR test_it.py::TestUser::test_name"] == 1
    assert "1 error" in ended.stdout


def test_an_unrun_test_can_be_waived(project: Project) -> None:
    project.write("test_it.py", UNRUN.format(comment="  # loopcheck: ignore[LC303]"))
    ended = project.run("--loopcheck-fail=all")
    assert ended.returncode == pytest.ExitCode.OK
    assert "ignored: LC303 1" in ended.stdout


def test_a_worker_tells_of_its_unrun_tests(project: Project) -> None:
    project.write("test_it.py", UNRUN.format(comment=""))
    options = ("-n", "2", "--loopcheck", "--loopcheck-json=report.json")
    project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert silent(project.report()) == [("LC303", "test_it.py::TestUser::test_name", "call", 5)]


KEPT_BY_FAILURES = """
import gc
import pytest

async def price():
    return 3

@pytest.mark.asyncio
async def test_price():
    known = price()
    assert known == 3

@pytest.mark.asyncio
async def test_kind():
    assert price().real == 3

@pytest.mark.asyncio
async def test_cleans():
    gc.collect()
"""


def test_who_collects_what_failed_tests_held_did_not_make_it(project: Project) -> None:
    project.write("test_it.py", KEPT_BY_FAILURES)
    project.run("--loopcheck-json=report.json", "-W", "error")
    lines = {one["where"]["line"] for one in project.report()["findings"]}
    assert lines == {10, 15}


def test_what_explains_a_failure_comes_before_what_is_surer_of_a_test_that_passed(
    project: Project,
) -> None:
    project.write("test_it.py", DROPS_AND_FAILS)
    project.run("--loopcheck-json=report.json")
    found = [(one["code"], one["certainty"]) for one in project.report()["findings"]]
    assert found == [("LC208", "likely"), ("LC202", "certain")]
