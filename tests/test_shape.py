"""A mode, its lesson, solution, exercise and samples share one stem, and come together."""

import re
from collections.abc import Iterator
from pathlib import Path

from loopcheck.lab.skeletons.mode_skeletons import open_lines

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kernel_ext" / "loopcheck"
STEM = re.compile(r"lc\d{3}_[a-z0-9_]+")
PLACES = {
    "kernel_ext/loopcheck/modes/*/*/": (PACKAGE / "modes", ".py"),
    "notebooks/*.ipynb": (ROOT / "notebooks", ".ipynb"),
    "notebooks/solutions/*.py": (ROOT / "notebooks" / "solutions", ".py"),
    "kernel_ext/loopcheck/lab/exercises/*.py": (PACKAGE / "lab" / "exercises", ".py"),
    "tests/lab/answers/*.py": (ROOT / "tests" / "lab" / "answers", ".py"),
    "tests/lab/wrong_answers/*.toml": (ROOT / "tests" / "lab" / "wrong_answers", ".toml"),
    "tests/modes/*/": (ROOT / "tests" / "modes", ""),
}


def stems(folder: Path, suffix: str) -> set[str]:
    """Return the stems of the modes that have a file (or a folder) here."""
    entries = folder.glob("*/*" if folder == PACKAGE / "modes" else "*")
    found = {entry for entry in entries if STEM.fullmatch(entry.stem)}
    if folder == PACKAGE / "modes":  # a file of its own, or a folder with what it asks
        return {entry.stem for entry in found if entry.suffix == suffix or _is_package(entry)}
    return {
        entry.stem for entry in found if entry.suffix == suffix and entry.is_dir() == (not suffix)
    }


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


MODE, SAMPLES = "kernel_ext/loopcheck/modes/*/*/", "tests/modes/*/"
LESSON = (
    "notebooks/*.ipynb",
    "notebooks/solutions/*.py",
    "kernel_ext/loopcheck/lab/exercises/*.py",
    "tests/lab/answers/*.py",
    "tests/lab/wrong_answers/*.toml",
)


def missing(places: dict[str, tuple[Path, str]], needed: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each file at a *needed* place that its siblings elsewhere call for."""
    there = {name: stems(*place) for name, place in places.items()}
    for stem in sorted(set().union(*there.values())):
        for name in needed:
            if stem not in there[name]:
                folder, _, rest = name.rpartition("*")
                yield f"missing  {folder}{stem}{rest}"


def test_whatever_has_a_stem_has_a_mode_and_samples() -> None:
    lines = list(missing(PLACES, (MODE, SAMPLES)))
    assert not lines, "\n" + "\n".join(lines)


def test_a_lesson_comes_with_its_exercise_and_solution() -> None:
    """A mode may come before its lesson: what is still to be written is printed."""
    print(*list(missing(PLACES, LESSON)) or ["nothing is missing"], sep="\n")
    lessons = {name: PLACES[name] for name in LESSON}
    lines = list(missing(lessons, LESSON))
    assert not lines, "\n" + "\n".join(lines)


def test_every_mode_has_a_bad_and_a_good_sample() -> None:
    samples = ROOT / "tests" / "modes"
    lines = [
        f"missing  tests/modes/{stem}/{kind}.py, or a folder {kind}/"
        for stem in sorted(stems(samples, ""))
        for kind in ("bad", "good")
        if not (samples / stem / f"{kind}.py").is_file() and not (samples / stem / kind).is_dir()
    ]
    assert not lines, "\n" + "\n".join(lines)


def test_nothing_of_a_new_mode_is_left_to_be_written() -> None:
    """`loopcheck new` writes files with marks; here they are listed until they are gone."""
    begun = set().union(*(stems(*place) for place in PLACES.values()))
    lines = [f"to write  {line}" for stem in sorted(begun) for line in open_lines(ROOT, stem)]
    assert not lines, "\n" + "\n".join(lines)


def test_a_file_without_its_siblings_is_named(tmp_path: Path) -> None:
    (tmp_path / "modes").mkdir()
    (tmp_path / "modes" / "lc999_odd_one.py").touch()
    (tmp_path / "modes" / "_match.py").touch()
    (tmp_path / "tests" / "lc998_other").mkdir(parents=True)
    places = {"modes/*.py": (tmp_path / "modes", ".py"), "tests/*/": (tmp_path / "tests", "")}
    assert list(missing(places, tuple(places))) == [
        "missing  modes/lc998_other.py",
        "missing  tests/lc999_odd_one/",
    ]
