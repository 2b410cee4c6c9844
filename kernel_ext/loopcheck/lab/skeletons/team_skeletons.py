"""`loopcheck new --to`: a package of lessons to start from, its first one complete.

A team replaces its content; until then everything runs, and its own tests check it.
"""

import re
from pathlib import Path

from loopcheck.lab.projects.project_files import write_files
from loopcheck.lab.skeletons import new_notebook

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
`workbook/<NAME>/`; a later version updates them, and keeps the learners' changes.
`pytest --nbval <NAME> -p no:randomly` compares the stored outputs with a new run.

An exercise has the name of its notebook: `<NAME>/exercises/our_first_lesson.py` is what
`%%exercise our-first-lesson` grades, `<NAME>/solutions/our_first_lesson.py` what `%solution`
shows. A name has small letters, digits and `_`. `pytest tests` checks that each exercise begins
unsolved and that its solution solves it.
"""
SHOP = """\
PAID = {7}  # the numbers of the orders


async def is_paid(order):
    return order in PAID
"""
SKELETON = """\
import pytest
from shop import is_paid


@pytest.mark.asyncio
async def test_an_order_that_was_paid():
    assert is_paid(7)


@pytest.mark.asyncio
async def test_an_order_that_was_not():
    assert not await is_paid(8)
"""
EXERCISE = '''\
"""The exercise of our first lesson: a test asks a question and never reads the answer."""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

SHOP = """\\
<SHOP>"""

SKELETON = """\\
<SKELETON>"""

EXERCISE = Exercise(
    stem="our_first_lesson",  # the name of this file, of the notebook and of the solution
    kind="mend the test",
    task="Both tests pass, and one of them fails as soon as no order counts as paid.",
    edits="test_shop.py",
    skeleton=SKELETON,
    frozen={"shop.py": SHOP},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        notices("an order that nobody paid", "shop.py", "PAID = {7}", "PAID = set()"),
        EACH_CHECKS,
    ),
    # Remedies that people try, each known by what it did.
    wrong_turns=(
        WrongTurn(
            name="a loop in a loop",
            did=lambda seen: seen.failed_with("cannot be called from a running event loop"),
            answer="The test already runs on a loop, and `asyncio.run` tries to start another. "
            "Inside `async def`, await the answer.",
        ),
        WrongTurn(
            name="set aside",
            did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
            answer="A skipped or xfailed test notices nothing. It can run: it only has to read "
            "the answer to its question.",
        ),
    ),
    hints=(
        "Compare how the two tests ask the same question.",
        "One `assert` looks at a coroutine, which is true whoever paid.",
        "The other test has it: `assert … is_paid(7)`, with one more word where the dots are.",
    ),
    learned="You can tell a coroutine from its result.",
)
'''
SOLUTION = '''\
"""Our first lesson: the solution, why it works, and one other good way.

What was wrong: `is_paid(7)` only makes a coroutine, and a coroutine counts as true. It never ran.
What changed: the test awaits it, so `assert` sees the answer.
Another good way: `assert await is_paid(7) is True`, which a coroutine could never pass.
"""

import pytest
from shop import is_paid


@pytest.mark.asyncio
async def test_an_order_that_was_paid():
    assert await is_paid(7)


@pytest.mark.asyncio
async def test_an_order_that_was_not():
    assert not await is_paid(8)
'''
TEST = '''\
"""Each exercise begins unsolved, and its solution solves it."""

from pathlib import Path

import <NAME>
import pytest
from loopcheck.lab import exercises
from loopcheck.lab.grading import grade

FOLDER = Path(<NAME>.__file__).parent
STEMS = [path.stem for path in FOLDER.glob("exercises/[!_]*.py")]


@pytest.mark.parametrize("stem", STEMS)
def test_it_begins_unsolved_and_can_be_solved(stem):
    exercise = exercises.load(stem)
    assert (FOLDER / exercise.lesson).is_file()
    assert not grade(exercise, exercise.skeleton, lambda one: None).passed
    solution = (FOLDER / "solutions" / f"{stem}.py").read_text(encoding="utf-8")
    verdict = grade(exercise, solution, lambda one: None)
    assert verdict.passed, [one.seen for one in verdict.checked if one.seen]
'''
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
    (
        "turn",
        "## Your turn\n\nMake both tests pass, and one of them fail as soon as no order counts as "
        f"paid. `shop.py` stays as it is:\n\n```python\n{SHOP}```",
    ),
    ("exercise", f"%%exercise our-first-lesson\n{SKELETON.rstrip()}"),
]


class NotAName(ValueError):
    """A folder name that no package can have."""


def write(folder: Path) -> list[str]:
    """Write a package of lessons into *folder*, which is empty or missing; return its files."""
    name = re.sub(r"\W+", "_", folder.name.lower()).strip("_")
    if not name.isidentifier():
        raise NotAName(folder.name)
    files = {
        "pyproject.toml": PROJECT,
        "README.md": README,
        f"{name}/__init__.py": '"""Lessons of our own, for `loopcheck lab`."""\n',
        f"{name}/our_first_lesson.ipynb": new_notebook.of(CELLS),
        f"{name}/exercises/__init__.py": '"""What the notebooks of the same names grade."""\n',
        f"{name}/exercises/our_first_lesson.py": EXERCISE,
        f"{name}/solutions/our_first_lesson.py": SOLUTION,
        "tests/test_exercises.py": TEST,
    }
    names = {"<NAME>": name, "<DIST>": name.replace("_", "-")}
    names |= {"<SHOP>": SHOP, "<SKELETON>": SKELETON}
    write_files(folder, {path: _filled(text, names) for path, text in files.items()})
    return list(files)


def _filled(text: str, names: dict[str, str]) -> str:
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text
