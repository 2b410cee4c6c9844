"""Lessons of a team's own: a package that an entry point names, and a first one to begin with."""

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from loopcheck.lab import copies, new_notebook
from loopcheck.lab.copies import Refreshed
from loopcheck.lab.projects import write_files

GROUP = "loopcheck.lessons"
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "<DIST>"
version = "0.1"
description = "Lessons on async tests, of our own"
dependencies = ["loopcheck[workbook]"]

# `loopcheck lab` finds the lessons by this, and copies them beside its own.
[project.entry-points."loopcheck.lessons"]
<NAME> = "<NAME>"
"""
README = """\
# <DIST>

Lessons of our own, for `loopcheck lab`.

    pip install -e .
    loopcheck lab

Each notebook in `<NAME>/` is a lesson. Learners get copies without outputs in
`workbook/<NAME>/`; a later version brings what is new, and leaves what they changed.
`pytest --nbval <NAME> -p no:randomly` holds the stored outputs against a run.
"""
CELLS = [
    (
        "title",
        "# Our first lesson\n\n**Which line of ours made this test pass for the wrong reason?**",
    ),
    ("setup", "%load_ext loopcheck.lab"),
    ("see", "## See it\n\nPut code of your own here: the smallest that shows the fault."),
    (
        "fail",
        "%%ipytest\nimport pytest\n\n\nasync def is_paid(order):\n    return order == 7\n\n\n"
        "@pytest.mark.asyncio\nasync def test_an_order_is_paid():\n    assert is_paid(8)",
    ),
    ("look", "## Look"),
    ("why", "%loopcheck why"),
    ("fix", "## Fix\n\nShow the smallest change, run the same test again, and say why it holds."),
]


class NotAName(ValueError):
    """A folder's name that no package can have."""


def folders() -> dict[str, Path]:
    """Return the folders of lessons that installed packages bring, by name. None is imported."""
    found: dict[str, Path] = {}
    for one in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        spec = find_spec(one.module.partition(".")[0])
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            found.setdefault(one.name, Path(place, *one.module.split(".")[1:]))
    return found


def refresh(source: Path, target: Path) -> Iterator[tuple[str, Path, Refreshed]]:
    """Bring *target* up to *source*, and folders in it up to what installed packages bring."""
    yield "", target, copies.refresh(source, target)
    for name, own in folders().items():
        yield name, target / name, copies.refresh(own, target / name)


def write(folder: Path) -> list[str]:
    """Write a package of lessons into *folder*, which is empty or not there; return its files."""
    name = re.sub(r"\W+", "_", folder.name.lower()).strip("_")
    if not name.isidentifier():
        raise NotAName(folder.name)
    names = {"<NAME>": name, "<DIST>": name.replace("_", "-")}
    files = {
        "pyproject.toml": _filled(PROJECT, names),
        "README.md": _filled(README, names),
        f"{name}/__init__.py": '"""Lessons of our own, for `loopcheck lab`."""\n',
        f"{name}/our_first_lesson.ipynb": new_notebook.of(CELLS),
    }
    write_files(folder, files)
    return list(files)


def _filled(text: str, names: dict[str, str]) -> str:
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text
