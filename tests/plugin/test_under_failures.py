"""What a failed test left without a word stands under its failure, with why and fix."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

DROPPED = """
import pytest

stored = []

async def save(name):
    stored.append(name)

@pytest.mark.asyncio
async def test_saves():
    save("ada")
    assert stored == ["ada"]

@pytest.mark.asyncio
async def test_passes():
    save("bob")

def test_fails_plainly():
    assert stored == ["bob"]
"""
WORKERS = (*PLUGINS, "-p", "xdist.plugin")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_shop.py", DROPPED)
    return made


def under(said: str, test: str) -> list[str]:
    """Return the lines of the section of loopcheck's under the failure of *test*."""
    block = said.partition(f"_ {test} _")[2].partition("\n___")[0].partition("\n===")[0]
    return block.partition("- loopcheck -")[2].splitlines()[1:]


@pytest.mark.parametrize("options", [(), ("-n", "1"), ("--loopcheck-again",)])
def test_what_was_dropped_is_told_in_full(project: Project, options: tuple[str, ...]) -> None:
    plugins = WORKERS if "-n" in options else PLUGINS
    told = under(project.run("--loopcheck", *options, plugins=plugins).stdout, "test_saves")
    assert told[:2] == [
        "not in the traceback, but found in this test:",
        "LC202 never-awaited (certain)",
    ]
    assert [line[:8].strip() for line in told if line[:8].strip() in ("change", "why", "fix")]


def test_a_test_that_fails_plainly_gets_nothing_of_others(project: Project) -> None:
    said = project.run("--loopcheck").stdout
    assert under(said, "test_fails_plainly") == []
    assert said.count("LC202 never-awaited (certain)") == 1


def test_a_failure_that_is_explained_keeps_that_alone(project: Project) -> None:
    drops = "async def drop():\n    pass\n\n"
    bad = MISMATCH.replace("async def wait", f"{drops}async def wait")
    project.write("test_shop.py", bad.replace("    assert await", "    drop()\n    assert await"))
    told = under(project.run("--loopcheck").stdout, "test_two")
    assert [line for line in told if line.startswith("LC")] == ["LC102 loop-mismatch (certain)"]


def test_a_verdict_of_ours_says_it_already(project: Project) -> None:
    said = project.run("--loopcheck", "--loopcheck-fail=LC202").stdout
    assert "not in the traceback" not in said


def test_nothing_is_added_where_nobody_asked_for_words(project: Project) -> None:
    said = project.run("--loopcheck-json=report.json").stdout
    assert "loopcheck -" not in said


def test_a_finding_with_an_edit_names_the_command_that_tries_it(project: Project) -> None:
    told = under(project.run("--loopcheck").stdout, "test_saves")
    assert told[-2:] == [
        "more     loopcheck explain LC202",
        "try      loopcheck fix test_shop.py::test_saves",
    ]
    assert (project.root / "test_shop.py").read_text() == DROPPED


def test_the_command_is_for_the_folder_and_the_shell_where_pytest_runs(project: Project) -> None:
    many = DROPPED.replace("async def test_saves():", "async def test_saves(name):").replace(
        "@pytest.mark.asyncio\nasync def test_saves",
        '@pytest.mark.parametrize("name", ["a b"])\n@pytest.mark.asyncio\nasync def test_saves',
    )
    project.write("sub/test_shop.py", many)
    run = subprocess.run(
        (sys.executable, "-m", "pytest", *PLUGINS, "--loopcheck", "test_shop.py"),
        cwd=project.root / "sub",
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "try      loopcheck fix 'test_shop.py::test_saves[a b]'" in run.stdout


def test_a_finding_that_no_machine_can_mend_names_none(project: Project) -> None:
    made = DROPPED.replace('    save("ada")', '    list(map(save, ["ada"]))')
    project.write("test_shop.py", made)
    said = project.run("--loopcheck").stdout
    assert "LC202 never-awaited" in said
    assert "try      loopcheck fix" not in said


ONE_CAUSE = """
import asyncio
import pytest

gate = asyncio.Lock()

async def pass_through():
    async with gate:
        await asyncio.sleep(0)

@pytest.mark.asyncio
@pytest.mark.parametrize("number", range(20))
async def test_gate(number):
    await asyncio.gather(pass_through(), pass_through())

@pytest.mark.asyncio
async def test_gate_by_another_line():
    await asyncio.gather(*[pass_through() for _ in range(2)])
"""


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_one_cause_is_told_once(project: Project, options: tuple[str, ...]) -> None:
    project.write("test_shop.py", ONE_CAUSE)
    said = project.run("--loopcheck", *options, plugins=WORKERS if options else PLUGINS).stdout
    assert said.count("LC102 loop-mismatch (certain)") == 1
    assert under(said, "test_gate[1]")[0] == "LC102 loop-mismatch (certain)"
    line = "LC102 loop-mismatch at test_shop.py:5: as in test_shop.py::test_gate[1]"
    assert [under(said, f"test_gate[{number}]") for number in range(2, 12)] == [[line]] * 10
    assert [under(said, f"test_gate[{number}]") for number in range(12, 20)] == [[]] * 8
    assert "test_shop.py:5: LC102 loop-mismatch: `gate`, 20 times" in said
    assert "20 failed: 20 explained" in said


DROPPED_THRICE = """
import pytest

stored = []

async def save(name):
    stored.append(name)

@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["ada", "bob", "eve"])
async def test_saves(name):
    save(name)
    assert stored == [name]
"""


def test_what_three_tests_left_is_told_once(project: Project) -> None:
    project.write("test_shop.py", DROPPED_THRICE)
    said = project.run("--loopcheck", "-Walways").stdout
    assert said.count("LC202 never-awaited (certain)") == 1
    line = "LC202 never-awaited at test_shop.py:12: as in test_shop.py::test_saves[ada]"
    assert said.count(line) == 2
