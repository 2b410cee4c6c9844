"""Kernels of nbval whose runs of pytest are warm: who gets them, and what else they change."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import warm
import warm_kernels  # type: ignore[import-not-found]

ASKS = """
import sys
before, space = [*sys.path], {}
exec(open(sys.argv[1]).read(), space)
assert sys.path == before
from loopcheck.lab import graded_run
from loopcheck.lab.case_studies import case_runs
from loopcheck.lab.projects import pytest_child
print(*[one.pytest_run.__name__ for one in (graded_run, case_runs, pytest_child)])
print({"warm", "warm_child", "warm_kernels"} & {*sys.modules}, [*space])
"""


def said_in_a_kernel(lesson: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what a kernel of *lesson* finds when it has started."""
    monkeypatch.setenv("IPYTHONDIR", str(home))
    monkeypatch.setattr(warm, "ready", lambda: "/nowhere")
    item: Any = SimpleNamespace(path=Path(f"{lesson}.ipynb"))
    warm_kernels.pytest_runtest_setup(item)
    (start_up,) = (home / "profile_default" / "startup").iterdir()
    words = [sys.executable, "-c", ASKS, str(start_up)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return said.splitlines()


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_a_lessons_kernel_runs_pytest_warm_and_shows_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = said_in_a_kernel("lc502_fail_open", tmp_path, monkeypatch)
    assert said == ["WarmChild WarmChild WarmChild", "set() ['__builtins__']"]


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_some_lessons_run_all_as_a_reader_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = said_in_a_kernel(warm_kernels.COLD[0], tmp_path, monkeypatch)
    assert said == ["pytest_run pytest_run pytest_run", "set() ['__builtins__']"]
    notebooks = warm_kernels.HERE.parents[1] / "notebooks"
    assert all((notebooks / f"{lesson}.ipynb").exists() for lesson in warm_kernels.COLD)


def test_an_exercise_whose_output_is_not_stored_is_left_to_its_own_tests() -> None:
    def cell(lesson: str, source: str, *tags: str) -> Any:
        held = SimpleNamespace(source=source, metadata={"tags": [*tags]})
        return SimpleNamespace(path=Path(f"{lesson}.ipynb"), cell=held)

    asked = cell("lc502_fail_open", "%%exercise LC502\n", "nbval-ignore-output")
    kept = [
        cell(warm_kernels.COLD[0], "%%exercise LC102\n", "nbval-ignore-output"),
        cell("lc502_fail_open", "%%exercise LC502\n"),
        cell("lc502_fail_open", "%pytest kiosk", "nbval-ignore-output"),
    ]
    items, told = [kept[0], asked, *kept[1:]], []
    hook = SimpleNamespace(pytest_deselected=lambda items: told.extend(items))
    config: Any = SimpleNamespace(hook=hook)
    warm_kernels.pytest_collection_modifyitems(config, items)
    assert (items, told) == ((kept, [asked]) if warm.AVAILABLE else ([*items], []))
