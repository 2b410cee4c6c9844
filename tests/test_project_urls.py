"""A release names the addresses of the repository that it was built in."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts" / "release"))
import project_urls  # noqa: E402

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "small"
version = "1.0"
dynamic = ["urls"]
[tool.hatch.metadata.hooks.custom]
path = "{hook}"
[tool.hatch.build.targets.wheel]
only-include = ["small.py"]
"""


@pytest.mark.parametrize(
    "remote",
    [
        "https://example.org/ann/loopcheck.git",
        "https://example.org/ann/loopcheck",
        "https://ann:secret@example.org/ann/loopcheck.git",
        "https://example.org:8443/ann/loopcheck/",
        "ssh://git@example.org/ann/loopcheck.git",
        "ssh://git@example.org:2222/ann/loopcheck",
        "git@example.org:ann/loopcheck.git",
    ],
)
def test_a_remote_becomes_its_page_without_a_password(remote: str) -> None:
    assert project_urls.web_address(remote) == "https://example.org/ann/loopcheck"


@pytest.mark.parametrize(
    "remote", ["", "/srv/git/loopcheck.git", "../loopcheck", "C:/git/loopcheck", "file:///srv/x/y"]
)
def test_a_folder_has_no_page(remote: str) -> None:
    assert project_urls.web_address(remote) is None


def test_githubs_runner_names_the_repository(tmp_path: Path) -> None:
    runner = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "ann/loopcheck"}
    assert project_urls.public_address(runner, tmp_path) == "https://example.org/ann/loopcheck"


def test_outside_a_repository_there_is_no_address(tmp_path: Path) -> None:
    assert project_urls.public_address({}, tmp_path) is None


def test_an_sdist_keeps_the_address_for_the_wheel_that_is_built_from_it(tmp_path: Path) -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    hook = pyproject["tool"]["hatch"]["metadata"]["hooks"]["custom"]["path"]
    assert "urls" in pyproject["project"]["dynamic"]
    project = tmp_path / "project"
    (project / hook).parent.mkdir(parents=True)
    shutil.copy(ROOT / hook, project / hook)
    (project / "small.py").write_text("")
    (project / "pyproject.toml").write_text(PYPROJECT.format(hook=hook))
    for words in (
        ["git", "init", "--quiet", str(project)],
        ["git", "-C", str(project), "remote", "add", "origin", "git@example.org:ann/fork.git"],
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(project)],
    ):
        subprocess.run(words, check=True, capture_output=True, env=environment())
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        told = packed.read("small-1.0.dist-info/METADATA").decode()
    assert "Project-URL: Issues, https://example.org/ann/fork/issues" in told


def environment() -> dict[str, str]:
    """Return the variables of this process without those of GitHub's runner."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
