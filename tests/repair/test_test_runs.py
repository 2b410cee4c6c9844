"""Runs in a copy: as the user would run them, each test's outcome known, shuffled if wanted."""

from pathlib import Path

import pytest

from loopcheck.repair import outcome_recorder
from loopcheck.repair.project_copy import ProjectCopy
from loopcheck.repair.test_runs import Run, Runner

SETTINGS = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
BOUND = 120.0


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectCopy:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_asyncio.plugin -p loopcheck.plugin")
    for name in ("shop", "copy/shop/tests"):
        (tmp_path / name).mkdir(parents=True)
    made = ProjectCopy(tmp_path / "shop", tmp_path / "copy" / "shop")
    (made.folder / "pytest.ini").write_text(SETTINGS)
    return made


def run(copy: ProjectCopy, *args: str, seed: int | None = None) -> Run:
    runner = Runner(copy, copy.root, args, lambda: None)
    return runner.run(explain=seed is None, seconds=BOUND, seed=seed)


KINDS = """
import pytest

def test_passes(): pass
def test_fails(): assert 1 == 2, "two"
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.xfail
def test_xfailed(): assert 0
@pytest.fixture
def broken():
    yield
    raise ValueError("in the teardown")
def test_teardown(broken): pass
"""


def test_each_test_has_an_outcome_and_the_first_line_of_its_error(copy: ProjectCopy) -> None:
    (copy.folder / "test_a.py").write_text(KINDS)
    (copy.folder / "test_b.py").write_text("import nothing_like_this\n")
    seen = run(copy, "--continue-on-collection-errors")
    assert seen.outcomes == {
        "test_a.py::test_passes": "passed",
        "test_a.py::test_fails": "failed",
        "test_a.py::test_skipped": "skipped",
        "test_a.py::test_xfailed": "xfailed",
        "test_a.py::test_teardown": "failed",
    }
    assert seen.errors["test_a.py::test_fails"].startswith("AssertionError: two")
    assert seen.errors["test_a.py::test_teardown"] == "ValueError: in the teardown"
    assert "nothing_like_this" in seen.errors["test_b.py"]
    assert seen.root == copy.folder
    assert seen.settings == copy.folder / "pytest.ini"


def test_a_seed_shuffles_the_tests_and_the_same_seed_in_the_same_way(copy: ProjectCopy) -> None:
    tests = "".join(f"def test_{n}(): pass\n" for n in range(12))
    (copy.folder / "test_a.py").write_text(tests)
    one, same, other = (list(run(copy, seed=seed).outcomes) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert set(one) == set(other)


def test_words_that_choose_tests_are_left_out_where_one_file_runs(copy: ProjectCopy) -> None:
    for name in ("a", "b"):
        (copy.folder / f"tests/test_{name}.py").write_text("def test_one(): assert 0\n")
    args = ("-x", f"--rootdir={copy.root}", str(copy.root / "tests"), "-k", "one")
    runner = Runner(copy, copy.root, args, lambda: None)
    runner.first = runner.run(explain=True, seconds=BOUND)
    assert len(runner.first.outcomes) == 1  # -x
    file = copy.folder / "tests/test_b.py"
    assert set(runner.run(str(file), explain=True, seconds=BOUND).outcomes) == {
        "tests/test_b.py::test_one"
    }


def test_a_test_that_hangs_is_ended(copy: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    test = "import asyncio, pytest\n@pytest.mark.asyncio\nasync def test_a():\n    "
    (copy.folder / "test_a.py").write_text(f"{test}await asyncio.Event().wait()\n")
    text = Path(outcome_recorder.__file__).read_text()
    short = copy.folder / "short_recorder.py"
    short.write_text(text.replace(f'HANG = "{outcome_recorder.HANG}"', 'HANG = "0.5"'))
    monkeypatch.setattr("loopcheck.repair.test_runs.RECORDER", "short_recorder")
    seen = run(copy)
    assert seen.outcomes == {"test_a.py::test_a": "failed"}
    assert [one.code for one in seen.findings] == ["LC203"]


HOLDS = """
import threading

def wait(stop):
    stop.wait()

def test_starts_a_thread():
    threading.Thread(target=wait, args=(threading.Event(),), name="poller").start()
"""


def test_a_process_that_goes_on_after_its_tests_is_ended_and_explained(copy: ProjectCopy) -> None:
    (copy.folder / "test_a.py").write_text(HOLDS)
    seen = run(copy)
    assert seen.ended  # not by the limit of the run
    assert seen.outcomes == {"test_a.py::test_starts_a_thread": "passed"}
    [found] = seen.findings
    assert (found.code, found.subject and found.subject.name) == ("LC209", "poller")
    assert not seen.held  # the finding says it


def test_without_loopcheck_it_is_ended_too(copy: ProjectCopy) -> None:
    (copy.folder / "test_a.py").write_text(HOLDS)
    seen = run(copy, seed=1)
    assert seen.ended
    assert seen.held == "The process went on for 8 s after its tests."
