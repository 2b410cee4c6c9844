"""Runs of pytest in this process read as those in a process of their own, and leave nothing."""

import asyncio
import gc
import logging
import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from IPython.core.interactiveshell import InteractiveShell

from loopcheck import abilities
from loopcheck.case import journal
from loopcheck.lab import exercises, real_python
from loopcheck.lab.exercise_names import named
from loopcheck.lab.grading import grade
from loopcheck.lab.magics.exercises import ExerciseMagics
from loopcheck.lab.projects import pytest_child
from loopcheck.lab.projects.project_files import write_files
from loopcheck.one_process import fresh_state, memory_sockets
from loopcheck.servers._memory import Memory

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {
    "two loops": (
        "import asyncio, pytest\npytestmark = pytest.mark.asyncio\nqueue = asyncio.Queue()\n"
        "async def use():\n    waits = asyncio.create_task(queue.get())\n"
        "    await asyncio.sleep(0)\n    await queue.put(1)\n    return await waits\n"
        "async def test_one():\n    assert await use() == 1\n"
        "async def test_two():\n    assert await use() == 1\n"
    ),
    "a coroutine": (
        "import pytest\nasync def check():\n    assert False\n"
        "@pytest.mark.asyncio\nasync def test_it():\n    check()\n"
    ),
    "a task at the end": (
        "import asyncio, pytest\nkept = []\nasync def waits():\n    await asyncio.sleep(9)\n"
        "@pytest.mark.asyncio\nasync def test_it():\n"
        "    kept.append(asyncio.create_task(waits()))\n    await asyncio.sleep(0)\n"
    ),
    "a module of the same name": "import helper\ndef test_it():\n    assert helper.PRICE == 3\n",
}


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abilities, "PROCESSES", False)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = os.getcwd(), dict(os.environ), list(sys.path), set(sys.modules), asyncio.Lock.acquire
    yield
    here, variables, path, modules, patched = before
    assert (os.getcwd(), list(sys.path), asyncio.Lock.acquire) == (here, path, patched)
    assert {name for name in os.environ if name != "PYTEST_CURRENT_TEST"} >= set(variables) - {
        "PYTEST_CURRENT_TEST"
    }
    assert not {"test_it", "conftest", "helper"} & (set(sys.modules) - modules)


def said(folder: Path, text: str, seconds: float = 30.0) -> str:
    write_files(folder, {"test_it.py": text, "helper.py": "PRICE = 3\n"})
    words: list[str] = []
    ran = pytest_child.run(folder, [], seconds=seconds, say=words.append)
    return "".join([*words, ran.notes])


def found() -> list[str]:
    run = journal.last()
    return [str(getattr(one, "code", one)) for one in run.findings] if run else []


@pytest.mark.parametrize("name", PROJECTS)
def test_it_prints_and_finds_what_a_process_of_its_own_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    theirs, codes = said(tmp_path / "shop", PROJECTS[name]), found()
    monkeypatch.setattr(abilities, "PROCESSES", False)
    assert said(tmp_path / "shop", PROJECTS[name]) == theirs
    assert found() == codes
    assert re.search(r"\d (passed|failed)", theirs)


@pytest.mark.usefixtures("one_process")
def test_a_run_leaves_no_task_that_a_later_one_would_report(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = (
        "import asyncio, pytest\nkept = []\n"
        "async def fail():\n    kept.append(asyncio.current_task())\n    raise KeyError('vase')\n"
        "@pytest.mark.asyncio\nasync def test_it():\n"
        "    task = asyncio.create_task(fail())\n    await asyncio.wait([task])\n"
        "    assert not kept\n"
    )
    assert "1 failed" in said(tmp_path / "first", text)
    caplog.clear()
    later = said(tmp_path / "second", "def test(): assert 0\n")
    gc.collect()
    assert "retrieved" not in later + caplog.text


@pytest.mark.usefixtures("one_process")
def test_each_run_reads_its_modules_anew(tmp_path: Path) -> None:
    assert "1 passed" in said(tmp_path / "shop", "import helper\nhelper.X = 1\ndef test(): pass\n")
    again = "import helper\ndef test(): assert not hasattr(helper, 'X')\n"
    assert "1 passed" in said(tmp_path / "shop", again)


@pytest.mark.usefixtures("one_process")
def test_a_run_meets_the_server_of_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import os, pytest, valkey.asyncio as valkey\n@pytest.mark.asyncio\nasync def test_it():\n"
        "    async with valkey.from_url(os.environ['URL']) as client:\n"
        "        assert await client.set('tea', 'green')\n"
    )
    with memory_sockets.in_use():
        server = Memory(None)
        monkeypatch.setenv("URL", server.url)
        assert "1 passed" in said(tmp_path / "shop", text)
        assert "1 passed" in said(tmp_path / "shop", text)


@pytest.mark.usefixtures("one_process")
def test_a_patch_that_nobody_undoes_ends_with_its_run(tmp_path: Path) -> None:
    text = "import asyncio\nasyncio.Lock.acquire = None\nasyncio.patched = 1\ndef test(): pass\n"
    assert "1 passed" in said(tmp_path / "shop", text)
    assert not hasattr(asyncio, "patched")


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("waits", ["asyncio.Event().wait()", "spin()"])
def test_a_test_that_never_ends_is_ended(tmp_path: Path, waits: str) -> None:
    text = (
        "import asyncio, pytest\n"
        "async def spin():\n    while True:\n        await asyncio.sleep(0)\n"
        f"@pytest.mark.asyncio\nasync def test_it():\n    await {waits}\n"
    )
    words = said(tmp_path / "shop", text, seconds=1.5)
    assert ("nothing in this process can wake it" in words) or ("ended after 1.5 s" in words)


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("code", ["LC102", "LC202", "LC301", "LC401", "LC508"])
def test_the_skeleton_fails_and_the_solution_passes(code: str) -> None:
    from loopcheck.lab.workbook.lesson_files import solution_file

    exercise = named(code)
    assert exercise.stem in exercises.every()
    assert not grade(exercise, exercise.skeleton, lambda one: None).passed
    answer = solution_file(exercise.stem).read_text(encoding="utf-8")
    verdict = grade(exercise, answer, lambda one: None)
    assert verdict.passed, [(one.requirement.name, one.seen) for one in verdict.checked]


@pytest.mark.usefixtures("one_process")
def test_a_policy_that_a_test_sets_makes_loops_that_reach_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import asyncio, os, pytest, valkey.asyncio as valkey\n"
        "asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())\n"
        "async def use():\n    async with valkey.from_url(os.environ['URL']) as client:\n"
        "        return await client.set('tea', 'green')\n"
        "@pytest.mark.asyncio\nasync def test_it():\n    assert await use()\n"
        "def test_by_hand():\n    loop = asyncio.SelectorEventLoop()\n"
        "    assert loop.run_until_complete(use())\n    loop.close()\n"
    )
    with memory_sockets.in_use():
        server = Memory(None)
        monkeypatch.setenv("URL", server.url)
        assert "2 passed" in said(tmp_path / "shop", text)


@pytest.mark.usefixtures("one_process")
def test_a_module_that_the_kernel_made_by_hand_is_none_of_a_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kernels_own", ModuleType("kernels_own"))
    assert "No module named 'kernels_own'" in said(tmp_path / "shop", "import kernels_own\n")
    assert "kernels_own" in sys.modules


@pytest.mark.usefixtures("one_process")
def test_a_run_leaves_no_bytecode_beside_the_project(tmp_path: Path) -> None:
    assert "1 passed" in said(tmp_path / "shop", PROJECTS["a module of the same name"])
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.usefixtures("one_process")
def test_an_exercise_that_needs_more_names_three_ways_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shell = InteractiveShell.instance()
    ExerciseMagics(shell).exercise("LC107", named("LC107").skeleton)
    words = capsys.readouterr().out
    assert words.startswith("This exercise needs a real Python: three ways to get one. It blocks")
    assert words.count("\n  ") == 3


@pytest.mark.usefixtures("one_process")
def test_a_lesson_that_needs_more_stops_at_its_first_cell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shell = InteractiveShell.instance()
    call = "from loopcheck.lab import real_python\nreal_python.stop('lc107_blocked_loop')"
    assert isinstance(shell.run_cell(call).error_in_exec, real_python.NeedsRealPython)
    said = capsys.readouterr().out
    assert said.startswith("This lesson needs a real Python: three ways to get one.")
    assert "Traceback" not in said
    real_python.stop("lc102_loop_mismatch")


def test_with_a_real_python_no_lesson_stops() -> None:
    for stem in real_python.LESSONS:
        real_python.stop(stem)


@pytest.mark.parametrize("known", [real_python.LESSONS, real_python.EXERCISES])
def test_the_lists_name_lessons_that_there_are(known: dict[str, str]) -> None:
    there = {file.stem for file in (ROOT / "notebooks").glob("*.ipynb")}
    assert known.keys() <= there


def test_stand_ins_of_the_kernel_are_gone_while_the_lessons_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = ModuleType("nothing_here")
    monkeypatch.setitem(sys.modules, "nothing_here", empty)
    with fresh_state.without_stand_ins(), pytest.raises(ImportError):
        import_module("nothing_here")
    assert sys.modules["nothing_here"] is empty


@pytest.mark.usefixtures("one_process")
def test_a_logger_that_a_run_turns_off_is_on_afterwards(tmp_path: Path) -> None:
    logger = logging.getLogger("asyncio")
    before = logger.level, list(logger.handlers), logger.disabled
    text = (
        "import logging\nlogger = logging.getLogger('asyncio')\nlogger.disabled = True\n"
        "logger.setLevel('CRITICAL')\nlogger.addHandler(logging.NullHandler())\n"
        "def test(): pass\n"
    )
    assert "1 passed" in said(tmp_path / "shop", text)
    assert (logger.level, logger.handlers, logger.disabled) == before
    assert logger.isEnabledFor(logging.ERROR)
