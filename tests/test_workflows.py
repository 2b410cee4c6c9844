"""The action for GitHub runs here, command by command; the project's workflow names what exists."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
VALUE = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
CLEAN = """\
import pytest


@pytest.mark.asyncio
async def test_adds():
    assert 1 + 1 == 2
"""
DROPS = f"{CLEAN}    check()\n\n\nasync def check(): ...\n"
FAILS = (ROOT / "tests" / "modes" / "lc102_loop_mismatch" / "bad.py").read_text("utf-8")


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


class Job:
    """A small project in a GitHub job, as far as the action can see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.summary = folder / "summary.md"
        (folder / "pytest.ini").write_text(
            "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
            "addopts = -p pytest_asyncio.plugin -p loopcheck.plugin -p no:cacheprovider\n"
        )
        plain = {name: os.environ[name] for name in os.environ if not name.startswith("PYTEST_")}
        self.env = plain | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(folder),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }

    def run(self, step: str, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """Run the action's *step* with *inputs*, in the shell that GitHub uses."""
        action = read("action.yml")
        known = {name: one["default"] for name, one in action["inputs"].items()}
        assert inputs.keys() <= known.keys()
        values = {f"inputs.{name}": said for name, said in {**known, **inputs}.items()}
        values |= {"github.action_path": str(ROOT), "inputs.python": sys.executable}
        [found] = [one for one in action["runs"]["steps"] if one["name"] == step]
        assert "${{" not in found["run"]
        env = {
            name: VALUE.sub(lambda at: values[at[1]], said) for name, said in found["env"].items()
        }
        return subprocess.run(
            ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]),
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )


PYTEST, INSTALL = "Run pytest with loopcheck", "Install loopcheck"


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_a_clean_project_passes_and_the_summary_says_so(job: Job) -> None:
    (job.folder / "test_it.py").write_text(CLEAN)
    done = job.run(PYTEST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::error" not in done.stdout
    assert job.summary.read_text() == "### loopcheck\n\nNothing found.\n\n"
    assert json.loads((job.folder / "loopcheck.json").read_text())["findings"] == []


def test_a_fault_is_an_annotation_and_a_row_of_the_summary(job: Job) -> None:
    (job.folder / "test_it.py").write_text(FAILS)
    done = job.run(PYTEST, report="found.json")
    assert done.returncode == 1
    assert "::error file=test_it.py,line=8,title=LC102 loop-mismatch::" in done.stdout
    assert "LC102 loop-mismatch" in job.summary.read_text()
    assert (job.folder / "found.json").is_file()


def test_inputs_reach_pytest_and_no_word_of_them_is_a_command(job: Job) -> None:
    (job.folder / "test_it.py").write_text(DROPS)
    assert job.run(PYTEST).returncode == 0
    assert job.run(PYTEST, fail="LC202", hang="").returncode == 1
    none_chosen = 5
    arguments = "-k 'nothing or none' --override-ini='addopts=' $(touch made) ; touch made"
    words = "-k 'nothing or none'"
    assert job.run(PYTEST, arguments=words).returncode == none_chosen
    job.run(PYTEST, arguments=arguments, hang="5; touch made", fail="$(touch made)")
    assert not (job.folder / "made").exists()


def test_it_installs_the_checkout_that_it_comes_with(job: Job) -> None:
    job.env |= {
        "PIP_TARGET": str(job.folder / "there"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this as "no isolation": there is no index
    }
    done = job.run(INSTALL)
    assert done.returncode == 0, done.stderr
    assert (job.folder / "there" / "loopcheck" / "__init__.py").is_file()
    assert [one.name for one in (job.folder / "there").glob("*.dist-info")] != []


# The project's own workflow


def steps(job: str, workflow: str = "check") -> list[str]:
    found = read(f".github/workflows/{workflow}.yml")["jobs"][job]["steps"]
    return [step["run"] for step in found if "run" in step]


def test_the_workflows_name_only_targets_that_the_makefile_has() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in [*steps("make"), *steps("release"), *steps("build", "pages")]:
        program, target, *variables = shlex.split(line)
        assert program == "make"
        assert re.search(rf"(?m)^{target}:", makefile), target
        assert all(re.search(rf"(?m)^{one.partition('=')[0]} \?=", makefile) for one in variables)


def test_the_pages_that_are_published_hold_the_site_and_the_workbook() -> None:
    jobs = read(".github/workflows/pages.yml")["jobs"]
    assert steps("build", "pages") == ["make lite PYTHON=python", "make site PYTHON=python"]
    [published] = [
        one["with"]["path"] for one in jobs["build"]["steps"] if "path" in one.get("with", {})
    ]
    assert published == "site"
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_windows_runs_the_lines_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = [re.sub(r"^python\b", "py", line) for line in steps("windows")]
    assert len(lines) == 3
    assert all(line in readme for line in lines)


def test_it_checks_all_systems_on_all_pythons() -> None:
    jobs = read(".github/workflows/check.yml")["jobs"]
    matrices = {name: jobs[name]["strategy"]["matrix"] for name in ("make", "windows")}
    assert matrices["make"]["os"] == ["ubuntu-latest", "macos-latest"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert [one["python"] for one in matrices.values()] == [pythons, pythons]
