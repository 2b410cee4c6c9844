"""A mistake inside loopcheck is a line that asks for a report, and changes nothing else."""

import os
import sys
from pathlib import Path

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

DROPS = "\n@pytest.mark.asyncio\nasync def test_drops():\n    wait()\n"
BROKEN = """
from loopcheck.{module} import {name} as place

def broken(*args, **kwargs):
    raise KeyError("ours\\nof two lines")

place.{function} = broken
"""
WORKERS = (*PLUGINS, "-p", "xdist.plugin")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_it.py", MISMATCH + DROPS)
    return made


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("modes.loops lc102_loop_mismatch detect", "look at this failure"),
        ("modes.tasks lc202_never_awaited detect", "look at this failure"),
        ("case failure_evidence of_failure", "look at this failure"),
        ("case finished_test_evidence of_tests", "look at what a test left"),
        ("modes diagnose merged", "look at this failure"),
        ("report text summary", "sum up this run"),
        ("report github lines", "write annotations"),
        ("report json report", "write report.json"),
        ("report json read_finding", "read what a worker said"),
    ],
)
@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_fault_of_ours_is_one_line_and_outcomes_stand(
    project: Project,
    broken: str,
    said: str,
    workers: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    module, name, function = broken.split()
    project.write("conftest.py", BROKEN.format(module=module, name=name, function=function))
    options = ("--loopcheck", "--loopcheck-json=report.json", *workers)
    ended = project.run(*options, plugins=WORKERS)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "2 failed, 2 passed" in ended.stdout
    line = f"could not {said}: KeyError: 'ours\\nof two lines'; please report it"
    shown = [each for each in ended.stdout.splitlines() if "please report it" in each]
    assert shown
    assert all(each.startswith("loopcheck could not ") for each in shown)
    assert line.replace("report.json", f"{project.root}/report.json") in "\n".join(shown)
    assert "INTERNALERROR" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("broken", "note"),
    [
        ("case.loop_mismatch_evidence", "names: could not look, KeyError"),
        ("process.stores.undecoded_answers", "undecoded answer: could not look, KeyError"),
        ("process.patches.dependency_overrides", "wrong override: could not look, KeyError"),
    ],
)
def test_a_probe_of_ours_that_fails_is_told_once_and_the_others_look(
    project: Project, broken: str, note: str
) -> None:
    module, _, name = broken.rpartition(".")
    function = "bound" if name == "loop_mismatch_evidence" else "read"
    project.write("conftest.py", BROKEN.format(module=module, name=name, function=function))
    ended = project.run("--loopcheck", "--loopcheck-json=report.json")
    assert "2 failed, 2 passed" in ended.stdout
    line = f"loopcheck could not look at all of a failure ({note}); please report it"
    assert ended.stdout.count(line) == 1
    assert "LC202" in ended.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_watch_of_ours_that_fails_is_told_once_and_outcomes_stand(
    project: Project, workers: tuple[str, ...]
) -> None:
    broken = BROKEN.format(module="watch", name="loop_leaks", function="_look")
    project.write("conftest.py", broken)
    ended = project.run("--loopcheck", *workers, plugins=WORKERS)
    assert "2 failed, 2 passed" in ended.stdout
    told = [line for line in ended.stdout.splitlines() if "please report it" in line]
    assert told == [
        "loopcheck could not watch all of this run (KeyError at conftest.py:5); please report it"
    ]


def test_a_fault_of_ours_while_collecting_is_no_error_of_the_run(project: Project) -> None:
    project.write("test_broken.py", "import nothing_of_that_name\n")
    project.write(
        "conftest.py", BROKEN.format(module="modes", name="diagnose", function="diagnose")
    )
    once, twice = project.run("--loopcheck"), project.run()
    assert once.returncode == twice.returncode == pytest.ExitCode.INTERRUPTED
    assert "INTERNALERROR" not in once.stdout + once.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--loopcheck-json=folder", "folder can't be written: Is a directory."),
        ("--loopcheck-json=test_it.py/report.json", "report.json can't be written: "),
        ("--loopcheck-fail=LC9xx", "--loopcheck-fail: there is no `LC9xx`."),
        ("--loopcheck-fail=sometimes", "--loopcheck-fail: there is no `sometimes`."),
    ],
)
def test_what_cannot_be_meant_is_a_line_before_the_first_test(
    project: Project, option: str, said: str
) -> None:
    project.write("folder/kept", "")
    ended = project.run(option)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len([each for each in ended.stderr.splitlines() if each.strip()]) == 1
    assert sorted(path.name for path in project.root.iterdir()) == [
        "folder", "pytest.ini", "test_it.py",
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_refused_and_stays(project: Project) -> None:
    os.mkfifo(project.root / "pipe")  # whoever is root could replace /dev/null, too
    (project.root / "out").symlink_to("/dev/stdout")
    for name in ("pipe", "out"):
        ended = project.run(f"--loopcheck-json={name}")
        assert ended.returncode == pytest.ExitCode.USAGE_ERROR
        assert f"{name} can't be written: it is not a file, and each finding" in ended.stderr
    assert (project.root / "pipe").is_fifo()
    assert (project.root / "out").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_where_a_link_leads_the_report_is_written(project: Project) -> None:
    (project.root / "out").mkdir()
    (project.root / "link.json").symlink_to("out/report.json")
    project.run("--loopcheck-json=link.json")
    assert (project.root / "link.json").is_symlink()
    assert project.report("out/report.json") == project.report("link.json")


def test_the_path_of_the_ini_is_from_its_own_folder(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_json = out/report.json\n")
    project.write("deep/test_deep.py", MISMATCH)
    inner = Project.__new__(Project)
    inner.root = project.root / "deep"
    inner.run()
    assert project.report("out/report.json")["counts"]["tests"] == 3


LIMITED = """
import signal
import sys

import pytest
from loopcheck.case import failure_evidence, finished_test_evidence
from loopcheck.modes import edits

left = {}

def note_time_left(place, name):
    look = getattr(place, name)

    def noting(*given, **named):
        left[name] = signal.getitimer(signal.ITIMER_REAL)[0]
        return look(*given, **named)

    setattr(place, name, noting)

note_time_left(failure_evidence, "of_failure")
note_time_left(finished_test_evidence, "of_tests")
note_time_left(edits, "with_edits")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol():
    signal.setitimer(signal.ITIMER_REAL, 600)
    result = yield
    assert 0 < signal.setitimer(signal.ITIMER_REAL, 0)[0] <= 600
    return result

def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"left: {left}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no timers that end with a signal")
def test_a_time_limit_that_covers_our_hooks_stands_still_while_we_look(project: Project) -> None:
    project.write("conftest.py", LIMITED)
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", plugins=PLUGINS)
    assert "left: {'of_failure': 0.0, 'with_edits': 0.0, 'of_tests': 0.0}" in ended.stdout
    assert "2 failed, 2 passed" in ended.stdout


REPLACED = """
import signal
from unittest import mock

def test_asks_for_an_alarm(monkeypatch):
    monkeypatch.setattr(signal, "setitimer", mock.Mock())
    signal.setitimer(signal.ITIMER_REAL, 1)
    signal.setitimer.assert_called_once_with(signal.ITIMER_REAL, 2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no timers that end with a signal")
def test_a_test_that_replaces_the_timer_sees_only_its_own_calls(project: Project) -> None:
    project.write("test_alarm.py", REPLACED)
    ended = project.run("--loopcheck", "test_alarm.py", plugins=PLUGINS)
    assert "could not" not in ended.stdout
    assert "1 failed" in ended.stdout
