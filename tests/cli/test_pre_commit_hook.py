"""The hook for pre-commit: its very command, on a small project, clean and with faults."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from test_doctor import BARE, GOOD

ROOT = Path(__file__).resolve().parents[2]


def hook() -> dict[str, Any]:
    [only] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    read: dict[str, Any] = only
    return read


def run(folder: Path) -> tuple[int, str]:
    """Return the exit code and the output of the hook in *folder*."""
    name, *rest = hook()["entry"].split()
    assert name == "loopcheck"
    command = [sys.executable, "-m", name, *rest]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(GOOD)
    (tmp_path / "test_it.py").write_text(f"raise SystemExit('imported')\n{BARE}")
    return tmp_path


def test_a_clean_project_passes_without_a_word(project: Path) -> None:
    (project / "test_it.py").write_text("import pytest\n")
    assert run(project) == (0, "")


def test_a_fault_is_a_line_and_no_code_is_imported(project: Path) -> None:
    code, said = run(project)
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("test_it.py:6: LC301 fixture client: ")


def test_it_runs_when_a_file_changes_that_it_reads() -> None:
    for name in ("pyproject.toml", "tests/conftest.py", "pytest.ini", "tox.ini", "setup.cfg"):
        assert re.search(hook()["files"], name)
    assert not re.search(hook()["files"], "README.md")
