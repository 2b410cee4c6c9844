"""The pages beside the README: their links lead somewhere, and what they tell to type works."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in NAMES), *sorted((ROOT / "docs").glob("*.md"))]
TEAMS = ROOT / "docs" / "teams.md"
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SMALL = """
import pytest

@pytest.mark.asyncio
async def test_adds():
    assert 1 + 1 == 2
"""
NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": 1, "id": "one", "metadata": {},
"outputs": [], "source": ["answer = 42"]}], "metadata": {"kernelspec": {"display_name": "Python 3",
"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""


def blocks(kind: str) -> list[str]:
    return [text for found, text in FENCE.findall(TEAMS.read_text("utf-8")) if found == kind]


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of *page* have, as GitHub makes them."""
    heads = re.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a test and a notebook."""
    (tmp_path / "test_small.py").write_text(SMALL)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope=function\n")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "one.ipynb").write_text(NOTEBOOK)
    return tmp_path


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a page with this Python."""
    name, *rest = shlex.split(line)
    assert name in {"pytest", "loopcheck"}, f"what is `{name}` to do?"
    plugins = ["pytest_asyncio.plugin", "loopcheck.plugin"]
    if name == "pytest":
        plugins += ["nbval.plugin"] if "--nbval" in rest else []
        rest = [*(part for one in plugins for part in ("-p", one)), *rest]
    return subprocess.run(
        (sys.executable, "-m", name, *rest),
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "line",
    [line[2:] for one in blocks("console") for line in one.split("\n") if line.startswith("$ ")],
)
def test_each_line_that_a_team_types_works(line: str, project: Path) -> None:
    done = run(line, project)
    assert done.returncode == 0, done.stdout + done.stderr


def workflow(name: str) -> Any:
    [text] = [one for one in blocks("yaml") if one.startswith(f"# {name}")]
    return yaml.safe_load(text)


def test_the_workflow_runs_tests_and_leaves_the_report_that_it_uploads(project: Path) -> None:
    steps = workflow(".github/workflows/tests.yml")["jobs"]["tests"]["steps"]
    [line] = [step["run"] for step in steps if step.get("run", "").startswith("pytest")]
    [uploaded] = [step["with"]["path"] for step in steps if "upload" in step.get("uses", "")]
    done = run(line, project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / uploaded).is_file()


def test_the_hook_is_a_command_that_is_there(project: Path) -> None:
    [hook] = workflow(".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert run(hook["entry"], project).returncode == 0
    [ours] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {key: hook[key] for key in ("id", "entry", "files")} == {
        key: ours[key] for key in ("id", "entry", "files")
    }


def test_the_settings_are_read(project: Path) -> None:
    (project / "pytest.ini").unlink()
    [settings] = blocks("toml")
    scope = 'asyncio_default_fixture_loop_scope = "function"\n'
    (project / "pyproject.toml").write_text(settings + scope)
    done = run("pytest --strict-config", project)
    assert done.returncode == 0, done.stdout + done.stderr
    (project / "test_small.py").write_text(f"{SMALL}    check()\n\nasync def check(): ...\n")
    assert "LC202" in run("pytest --strict-config", project).stdout


def test_what_is_waived_is_counted_and_without_the_waivers_found(project: Path) -> None:
    [code] = blocks("python")
    test = project / "test_small.py"
    test.write_text(code)
    waived = run("pytest --loopcheck --loopcheck-fail=all", project)
    assert waived.returncode == 0, waived.stdout
    assert "ignored: LC107 1, LC201 1" in waived.stdout
    bare = re.sub(r"(?m)^@pytest\.mark\.loopcheck.*\n|  # loopcheck: .*$", "", code)
    test.write_text(bare)
    strict = run("pytest --loopcheck --loopcheck-fail=all", project)
    assert strict.returncode == 1
    assert "LC201" in strict.stdout
    assert "LC107" in strict.stdout
