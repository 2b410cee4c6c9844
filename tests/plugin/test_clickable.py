"""Who starts pytest in a folder below the root gets paths that are right from there."""

from pathlib import Path

import pytest
from test_in_ci import DROPS
from test_plugin import MISMATCH, PLUGINS, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    (tmp_path / "checks" / "deep").mkdir(parents=True)
    made.write("checks/test_jobs.py", MISMATCH)
    made.write("checks/deep/test_it.py", DROPS)
    return made


def run_in(project: Project, folder: str, *options: str, plugins: tuple[str, ...] = PLUGINS) -> str:
    inner = Project(project.root)
    inner.root = project.root / folder
    return inner.run("--loopcheck", *options, "..", plugins=plugins).stdout


def test_an_explanation_says_paths_from_there(project: Project) -> None:
    said = run_in(project, "checks/deep")
    assert "change   ../test_jobs.py:5" in said
    assert "checks/test_jobs.py:5" not in said


def test_what_is_found_in_green_tests_does_so_too(project: Project) -> None:
    said = run_in(project, "checks/deep")
    assert "test_it.py:9: LC202 never-awaited" in said
    assert "../test_jobs.py:5: LC102 loop-mismatch: `ready`" in said


def test_a_verdict_of_ours_does_so_too(project: Project) -> None:
    said = run_in(project, "checks/deep", "--loopcheck-fail=LC202")
    assert "change   test_it.py:9" in said


def test_workers_say_them_from_there(project: Project) -> None:
    plugins = (*PLUGINS, "-p", "xdist.plugin")
    said = run_in(project, "checks/deep", "-n", "1", plugins=plugins)
    assert "change   ../test_jobs.py:5" in said


def test_from_the_root_they_stay(project: Project) -> None:
    assert "change   checks/test_jobs.py:5" in project.run("--loopcheck", "checks").stdout


def test_what_only_looks_like_a_path_stays(project: Project) -> None:
    each = '@pytest.mark.parametrize("name", ["nobody.py:3"])\nasync def test_drops(name)'
    project.write("checks/deep/test_it.py", DROPS.replace("async def test_drops()", each))
    assert "(test_it.py::test_drops[nobody.py:3])\n" in run_in(project, "checks/deep")
