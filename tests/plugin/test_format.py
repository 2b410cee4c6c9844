"""`--loopcheck-format`: what the terminal shows to people, to coding agents, and to programs."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import warm
from test_plugin import MISMATCH, PLUGINS, Project

from loopcheck.plugin.reporting import terminal_format

DROPPED = """
import asyncio
import pytest

stored = []

async def save(name):
    stored.append(name)

@pytest.mark.asyncio
async def test_saves():
    save("ada")
    assert stored == ["ada"]

@pytest.mark.asyncio
async def test_leaks():
    asyncio.create_task(asyncio.sleep(30))
    await asyncio.sleep(0)
"""
# As pytest-receptor does: it prints the failures in its own way, and those of pytest not at all.
HIDES = """
def pytest_sessionfinish(session):
    session.config.option.tbstyle = "no"
"""
HANGS = """
import asyncio
import pytest

@pytest.mark.asyncio
async def test_hangs():
    await asyncio.Event().wait()
"""
MANY = """
import asyncio
import pytest

gate = asyncio.Lock()

async def pass_through():
    async with gate:
        await asyncio.sleep(0)

@pytest.mark.asyncio
@pytest.mark.parametrize("number", range(201))
async def test_gate(number):
    await asyncio.gather(pass_through(), pass_through())
"""
WORKERS = (*PLUGINS, "-p", "xdist.plugin")
BRIEF = """\
test_jobs.py:5: LC102 loop-mismatch (certain, 2 times): `ready` belongs to loop 1 (function loop \
of test_one), now closed, and is used on loop 2 (function loop of test_two).
  fix    Run all tests that use `ready` on one loop: set `pytestmark = \
pytest.mark.asyncio(loop_scope="module")`, and remove any `@pytest.mark.asyncio` from the tests \
themselves …
  rerun  pytest --loopcheck test_jobs.py
test_shop.py:12: LC202 never-awaited (certain): A coroutine of `save` was created and never awaited.
  - save("ada")
  + await save("ada")
  rerun  pytest --loopcheck test_shop.py::test_saves
test_shop.py:17: LC201 task-leak: The task `asyncio.sleep(30)` was still pending when the \
function loop closed. (test_shop.py::test_leaks)
3 failed: 3 explained
next: loopcheck fix test_jobs.py test_shop.py::test_saves test_shop.py::test_leaks
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_jobs.py", MISMATCH)
    made.write("test_shop.py", DROPPED)
    return made


def ours(said: str) -> list[str]:
    """Return the lines that are ours: of each section, up to the next heading of pytest's."""
    lines, mine = [], False
    for line in said.splitlines():
        if "- loopcheck -" in line:
            mine = True
        elif line.startswith(("===", "___", "--- Captured")):
            mine = False
        if mine:
            lines.append(line)
    return lines


def outcomes(said: str) -> list[str]:
    """Return pytest's summary lines without their errors, which quote addresses in full on CI."""
    lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR "))]
    return [line.partition(" - ")[0] for line in lines]


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "a worker"])
def test_brief_has_each_cause_in_five_lines(project: Project, workers: tuple[str, ...]) -> None:
    plugins = WORKERS if workers else PLUGINS
    said = project.run("--loopcheck-format=brief", *workers, plugins=plugins).stdout
    assert "\n".join([*ours(said)[1:], ""]) == BRIEF
    assert said.count("- loopcheck -") == 1
    assert "\n    async def test_two():\n" in said  # pytest's own stays


@pytest.mark.parametrize("name", terminal_format.AGENTS)
def test_a_coding_agent_gets_brief(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in terminal_format.AGENTS:
        monkeypatch.delenv(each, raising=False)
    assert not terminal_format.run_by_agent()
    monkeypatch.setenv(name, "1")
    assert terminal_format.run_by_agent()


def test_an_agent_may_ask_for_more(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\nwhat     `ready`" in project.run("--loopcheck").stdout
    monkeypatch.setenv("CLAUDECODE", "1")
    assert "\n  rerun  pytest" in project.run("--loopcheck").stdout
    assert "\nwhat     `ready`" in project.run("--loopcheck-format=full").stdout


def test_in_a_terminal_a_person_reads(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    ours_end, theirs = pty.openpty()
    command = (sys.executable, "-m", "pytest", *PLUGINS, "--loopcheck", "--color=no")
    with subprocess.Popen(command, cwd=project.root, stdout=theirs, stdin=theirs) as process:
        os.close(theirs)
        said = b""
        while chunk := read(ours_end):
            said += chunk
        process.wait(timeout=warm.LONGEST)
    os.close(ours_end)
    assert b"\nwhat     `ready`" in said


def read(end: int) -> bytes:
    try:
        return os.read(end, 10_000)
    except OSError:  # Linux says so when the other end is closed
        return b""


@pytest.mark.parametrize("style", ["no", "line", "short", "native"])
def test_brief_is_the_same_beside_any_traceback(project: Project, style: str) -> None:
    said = ours(project.run("--loopcheck-format=brief", f"--tb={style}", "-q").stdout)
    assert "\n".join([*said[1:], ""]) == BRIEF


def test_without_failures_the_summary_has_what_you_ask_for(project: Project) -> None:
    options = ("--tb=no", "-q")
    said = ours(project.run("--loopcheck-format=full", *options).stdout)
    shown = [line for line in said if line.endswith(" (certain)")]
    assert shown == ["LC102 loop-mismatch (certain)", "LC202 never-awaited (certain)"]
    said = ours(project.run("--loopcheck", *options).stdout)
    assert "test_jobs.py:5: LC102 loop-mismatch: `ready`, 2 times" in said
    assert not [line for line in said if line.startswith(("  fix", "fix"))]


def test_a_plugin_that_shows_failures_itself_leaves_the_causes_to_us(project: Project) -> None:
    project.write("conftest.py", HIDES)
    said = ours(project.run("--loopcheck", "-q").stdout)
    assert "\n".join([*said[1:], ""]) == BRIEF


def test_the_setting_is_for_runs_that_explain(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_format = brief\n")
    assert "LC102" not in project.run().stdout
    assert "\n  rerun  pytest --loopcheck test_jobs.py\n" in project.run("--loopcheck").stdout
    project.write("pytest.ini", "[pytest]\nloopcheck_format = brief\nloopcheck = true\n")
    assert "\n  rerun  pytest test_jobs.py\n" in project.run().stdout


def test_a_rerun_needs_the_limit_of_a_hang(project: Project) -> None:
    project.write("test_shop.py", HANGS)
    said = project.run("--loopcheck-hang=0.5", "--loopcheck-format=brief").stdout
    assert "\n  rerun  pytest --loopcheck-hang=0.5 test_shop.py::test_hangs\n" in said


def test_commands_and_places_are_those_of_the_folder_where_pytest_runs(project: Project) -> None:
    (project.root / "sub").mkdir()
    inner = Project(project.root)
    inner.root = project.root / "sub"
    said = inner.run("--loopcheck-format=brief", "..").stdout
    assert "\n../test_jobs.py:5: LC102" in said
    assert "\n  rerun  pytest --loopcheck ../test_jobs.py\n" in said
    assert "next: loopcheck fix ../test_jobs.py ../test_shop.py::test_saves" in said


def test_json_is_a_line_for_each_cause_and_one_for_the_counts(project: Project) -> None:
    said = project.run("--loopcheck-format=json", "--loopcheck-json=report.json").stdout
    *found, counts = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    report = project.report()
    assert found == report["findings"]
    assert [one["code"] for one in found] == ["LC102", "LC202", "LC201"]
    assert counts == {key: report[key] for key in ("schema", "counts", "failed")}
    assert "loopcheck -" not in said


def test_json_of_a_green_run_has_the_counts(project: Project) -> None:
    said = project.run("--loopcheck-format=json", "-k", "test_one").stdout
    (line,) = [line for line in said.splitlines() if line.startswith("{")]
    assert json.loads(line)["counts"]["tests"] == 1


@pytest.mark.parametrize("given", ["option", "setting"])
def test_another_format_is_one_clear_line(project: Project, given: str) -> None:
    if given == "setting":
        project.write("pytest.ini", "[pytest]\nloopcheck_format = short\n")
    options = ("--loopcheck", *(["--loopcheck-format=short"] if given == "option" else []))
    ended = project.run(*options)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    line = "ERROR: --loopcheck-format: there is no `short`. Choose from full, brief, json.\n"
    assert ended.stderr.strip() == line.strip()


def test_no_format_changes_an_outcome(project: Project) -> None:
    plain = project.run()
    for form in terminal_format.FORMATS:
        looked = project.run(f"--loopcheck-format={form}")
        assert looked.returncode == plain.returncode
        assert outcomes(looked.stdout) == outcomes(plain.stdout)


def test_a_test_that_we_fail_has_one_line_in_brief(project: Project) -> None:
    said = project.run("--loopcheck-fail=LC201", "--loopcheck-format=brief", "-q").stdout
    under = said.partition(" test_leaks _")[2].splitlines()[1]
    assert under == "test_shop.py:17: LC201 task-leak: `asyncio.sleep(30)`"
    rerun = "  rerun  pytest --loopcheck-fail=LC201 test_shop.py::test_leaks"
    assert rerun in ours(said)
    assert said.count("was still pending") == 1


@pytest.mark.parametrize("form", ["full", "brief", "json"])
def test_two_hundred_failures_of_one_cause_get_sixty_lines(project: Project, form: str) -> None:
    project.write("test_jobs.py", MANY)
    options = (f"--loopcheck-format={form}", "-k", "test_gate")
    said = project.run(*options).stdout
    assert "200 failed, 1 passed" in said
    assert 0 < len(ours(said)) + said.count('\n{"') <= 60


def test_a_summary_without_an_edit_ends_with_the_page_to_read(project: Project) -> None:
    project.write("test_shop.py", HANGS)
    said = project.run("--loopcheck-hang=0.5", "-k", "test_hangs").stdout
    assert ours(said)[-1] == "next: loopcheck explain LC203"


def test_what_nothing_explains_names_no_command(project: Project) -> None:
    project.write("test_shop.py", "def test_sum():\n    assert 1 + 1 == 3\n")
    said = project.run("--loopcheck", "-k", "test_sum").stdout
    assert ours(said)[-1] == "1 failed: none explained (nothing in the modes fits)"
