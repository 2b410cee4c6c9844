"""The setting that says what is too long for a loop, and where the watch runs."""

from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

SLEEPS = """
import time
import pytest

@pytest.mark.asyncio
async def test_sleeps():
    time.sleep(0.25)
"""
SHORT = SLEEPS.replace("0.25", "0.06")
COUNTS = """
import sys
import pytest

def test_threads():
    assert len(sys._current_frames()) == {threads}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def ini(project: Project, seconds: str) -> None:
    project.write("pytest.ini", f"[pytest]\nloopcheck_blocked = {seconds}\n")


def test_a_blocked_loop_is_a_line_at_the_end_of_a_green_run(project: Project) -> None:
    project.write("test_it.py", SLEEPS)
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.OK
    assert "test_it.py:7: LC107 blocked-loop: `time.sl" in ended.stdout


def test_a_sum_that_is_wrong_beside_a_blocked_step_is_not_laid_to_it(project: Project) -> None:
    project.write("test_it.py", SLEEPS + "    assert 3 + 4 == 12\n")
    ended = project.run("--loopcheck")
    assert "test_it.py:7: LC107 blocked-loop: `time.sl" in ended.stdout
    assert "LC107 blocked-loop (" not in ended.stdout


def test_a_shorter_limit_finds_shorter_steps_and_says_so(project: Project) -> None:
    project.write("test_it.py", SHORT)
    assert "LC107" not in project.run("--loopcheck").stdout
    ini(project, "0.04")
    assert "blocked the event loop for 0.04 s or more" in project.run("--loopcheck").stdout


def test_a_longer_limit_passes_over_shorter_steps(project: Project) -> None:
    project.write("test_it.py", SLEEPS)
    ini(project, "2")
    assert "LC107" not in project.run("--loopcheck").stdout


def test_zero_watches_for_nothing_and_starts_no_thread(project: Project) -> None:
    project.write("test_it.py", SLEEPS + COUNTS.format(threads=1))
    ini(project, "0")
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout
    assert "LC107" not in ended.stdout


@pytest.mark.parametrize("said", ["-1", "soon", "nan", "inf"])
def test_what_is_no_number_of_seconds_is_a_usage_error(project: Project, said: str) -> None:
    project.write("test_it.py", SLEEPS)
    ini(project, said)
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"loopcheck_blocked: `{said}` is no number of seconds." in ended.stderr
    assert "Traceback" not in ended.stderr
    assert project.run().returncode == pytest.ExitCode.OK  # nobody asked


def test_it_is_failed_by_its_code_and_waived_by_a_comment(project: Project) -> None:
    project.write("test_it.py", SLEEPS)
    assert project.run("--loopcheck-fail=LC107").returncode == pytest.ExitCode.TESTS_FAILED
    project.write("test_it.py", SLEEPS.rstrip() + "  # loopcheck: ignore[LC107]\n")
    ended = project.run("--loopcheck-fail=LC107")
    assert ended.returncode == pytest.ExitCode.OK
    assert "ignored: LC107 1" in ended.stdout


def test_workers_look_and_the_controller_does_not(project: Project) -> None:
    project.write("test_it.py", SLEEPS)
    project.write(
        "conftest.py",
        "import sys\nfrom loopcheck.watch import blocked_steps as blocks\n"
        "def pytest_unconfigure(config):\n"
        "    if not hasattr(config, 'workerinput'):\n"
        "        print('looking:', blocks._WATCH.leave is not None)\n",
    )
    ended = project.run("--loopcheck", "-n", "1", plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert "test_it.py:7: LC107 blocked-loop" in ended.stdout
    assert "looking: False" in ended.stdout
    assert "looking: True" in project.run("--loopcheck").stdout


LOADS = """
import sys, time
import pytest

@pytest.mark.asyncio
async def test_sleeps():
    before = set(sys.modules)
    time.sleep(0.25)
    loaded = [one for one in sys.modules if one.startswith("loopcheck") and one not in before]
    assert len(loaded) <= 6, loaded
"""


def test_a_blocked_step_loads_few_modules_beside_the_test(project: Project) -> None:
    """The thread that looks takes the time from the test; the explanation comes after its end."""
    project.cold = True  # a warm run has them
    project.write("test_it.py", LOADS)
    ended = project.run("--loopcheck")
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout
    assert "LC107 blocked-loop: `time.sl" in ended.stdout
