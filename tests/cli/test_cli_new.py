"""`loopcheck new`, in a copy of the repository: the files of a mode, and what is left to write."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loopcheck.modes import catalogue

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    *("pyproject.toml", "kernel_ext", "notebooks", "tests/modes"),
    *("tests/lab/answers", "tests/lab/wrong_answers"),
)
SHAPE = ("tests/test_shape.py", "tests/modes/test_lc296_slow_start.py")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the parts that a mode has files in."""
    root = tmp_path_factory.mktemp("checkout")
    nothing = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=nothing)
        else:
            shutil.copy(ROOT / name, root / name)
    shutil.copy(ROOT / "tests" / "test_shape.py", root / "tests")
    return root


def run(checkout: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=checkout,
        env=os.environ
        | {"PYTHONPATH": f"kernel_ext{os.pathsep}.", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_new_mode_has_all_its_files_and_a_list_of_what_to_write(checkout: Path) -> None:
    before = {file for file in checkout.rglob("*") if "__pycache__" not in file.parts}
    new = run(checkout, "loopcheck", "new", "LC296", "slow-start")
    assert new.returncode == 0, new.stderr
    written = re.findall(r"^written +(\S+)$", new.stdout, re.MULTILINE)
    assert len(written) == 10
    there = {file for file in checkout.rglob("*.*") if "__pycache__" not in file.parts}
    assert {file.relative_to(checkout).as_posix() for file in there - before} == set(written)
    left = re.findall(r"^to write +(\S+):\d+: (.+)$", new.stdout, re.MULTILINE)
    assert {path for path, _ in left} == set(written)
    assert min(len(what) for _, what in left) > 8

    quiet = ("-q", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin")
    shape = run(checkout, "pytest", *quiet, *SHAPE)
    assert "1 failed" in shape.stdout, shape.stdout + shape.stderr
    assert all(f"{path}:" in shape.stdout for path in written)
    assert all(what in shape.stdout for _, what in left)
    assert "missing " not in shape.stdout

    loads = "from loopcheck.lab import exercises; print(exercises.load('lc296_slow_start').code)"
    (checkout / "loads.py").write_text(loads)
    said = run(checkout, "loads")
    assert said.stdout == "LC296\n", said.stderr

    again = run(checkout, "loopcheck", "new", "LC296", "slow-start")
    assert "LC296 is slow-start: a code is for ever." in again.stderr


def test_a_mode_may_come_before_its_lesson(checkout: Path) -> None:
    new = run(checkout, "loopcheck", "new", "LC297", "early-bird", "--no-lesson")
    assert new.returncode == 0, new.stderr
    written = re.findall(r"^written +(\S+)$", new.stdout, re.MULTILINE)
    folder = "kernel_ext/loopcheck/modes/tasks/lc297_early_bird"
    assert written == [
        f"{folder}/__init__.py",
        f"{folder}/evidence.py",
        "tests/modes/test_lc297_early_bird.py",
        "tests/modes/lc297_early_bird/bad.py",
        "tests/modes/lc297_early_bird/good.py",
    ]
    explained = run(checkout, "loopcheck", "explain", "LC297")
    assert explained.stdout.startswith("LC297 early-bird: ")
    assert "Lesson:" not in explained.stdout
    shutil.rmtree(checkout / folder)
    shutil.rmtree(checkout / "tests/modes/lc297_early_bird")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["210", "slow-start"], r"`210` is not a code. Try: loopcheck new LC2\d\d slow-start"),
        (["LC710", "slow-start"], "No family LC7xx: there are LC1xx loops, .*LC6xx databases."),
        (["LC102", "slow-start"], r"LC102 is loop-mismatch: a code is for ever. .* LC108 slow-s"),
        (
            ["LC299", "Slow Start!"],
            r"`Slow Start!` is not a slug: .* loopcheck new LC299 slow-sta",
        ),
        (["LC299", "_"], "`_` is not a slug: .* loopcheck new LC299 slow-start"),
        (["LC299", "loop-mismatch"], "loop-mismatch is the slug of LC102. Choose another."),
        (["LC299"], r"What do you want to start\? Try: loopcheck new --to FOLDER"),
        (["LC299", "a", "b"], "`b` is one word too many. Try: loopcheck new --help"),
    ],
)
def test_wrong_words_get_one_line_and_write_nothing(
    checkout: Path, words: list[str], line: str
) -> None:
    new = run(checkout, "loopcheck", "new", *words)
    assert (new.returncode, new.stdout) == (2, "")
    assert re.match(f"loopcheck: {line}", new.stderr), new.stderr
    assert new.stderr.count("\n") == 1
    assert not list(checkout.rglob("lc299*"))


def test_what_is_there_is_not_written_over(checkout: Path) -> None:
    own = checkout / "notebooks" / "lc298_half_way.ipynb"
    own.write_text("mine")
    new = run(checkout, "loopcheck", "new", "LC298", "half-way")
    own_path = "notebooks/lc298_half_way.ipynb"
    assert new.stderr == (
        f"loopcheck: {own_path} is there already. Move it away, or choose another slug.\n"
    )
    assert own.read_text() == "mine"
    assert list(checkout.rglob("lc298*")) == [own]
    own.unlink()


def test_an_installed_package_says_that_it_is_no_checkout(tmp_path: Path) -> None:
    nothing = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "kernel_ext" / "loopcheck", tmp_path / "loopcheck", ignore=nothing)
    new = subprocess.run(
        [sys.executable, "-m", "loopcheck", "new", "LC299", "slow-start"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert new.returncode == 2
    assert new.stderr.startswith("loopcheck: This loopcheck is not a checkout")
    assert new.stderr.count("\n") == 1


def test_every_family_has_a_name() -> None:
    assert {mode.family for mode in catalogue.modes()} == set(catalogue.FAMILIES)
