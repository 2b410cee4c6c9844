"""LC306 lost-tests: tests that stand in a file and are never collected.

What: a test is written and never runs. Nothing fails and nothing is said: there is one test less.
Why:  pytest imports the file and takes what it finds there by name. The second of two functions of
      one name has replaced the first by then; a class with `__init__`, a class or file whose name
      does not fit, a function inside of a function are passed over.
Fix:  one name, one test. Set up in a fixture instead of `__init__`. Names that fit `python_classes`
      and `python_files`. `pytest --co -q` lists what is collected.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, LostTests, Subject
from loopcheck.modes.finding import Certainty, Finding

CODE, SLUG = "LC306", "lost-tests"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "cannot collect test class",
    "no tests ran",
    "collected 0 items",
    "found no collectors",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each test, class or file of tests that pytest made nothing of."""
    for lost in evidence.lost_tests:
        certainty, kind, what, why, fix = WORDS[lost.how](lost)
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty=certainty,
            phase="collect",
            subject=Subject(name=lost.name, type=kind),
            where=lost.place,
            used_at=lost.twin,
            what=what,
            why=why,
            fix=fix,
        )


Said = tuple[Certainty, str, str, str, str]


def _twin(lost: LostTests) -> Said:
    kind = "class" if lost.tests else "test"
    scope = "class" if lost.inside else "module"
    name = f"{lost.inside}.{lost.name}" if lost.inside else lost.name
    its = f" with {_each(lost.tests)}" if lost.tests else ""
    return (
        "certain",
        kind,
        f"`{name}` at {lost.place}{its} never runs: another `{name}` at {lost.twin} takes its"
        " place.",
        f"A {scope} keeps one thing of a name, the last. pytest finds only that one, and does not"
        " know of the first.",
        "Give one of the two another name, or delete the one that is out of date.",
    )


def _constructor(lost: LostTests) -> Said:
    made = lost.constructor
    call = f"`{made.name}`" if made and made.name else "`__init__`"
    written = made is not None and not made.file.startswith("<")
    return (
        "certain",
        "class",
        f"{_each(lost.tests)} in `{lost.name}` never {_run(lost)}: the class has"
        f" {f'{call} ({made})' if written else f'an {call}, which its decorator makes'}.",
        "pytest makes a new object for each test and calls no constructor with arguments of yours:"
        " it passes such a class over, with a warning at most.",
        f"Take {call if written else 'the decorator'} away, and set up in a fixture:"
        " `@pytest.fixture(autouse=True)` on a method that gives `self` what it needs.",
    )


def _switched_off(lost: LostTests) -> Said:
    base = f"its base `{lost.off_at.name}`" if lost.off_at else "its base"
    return (
        "certain",
        "class",
        f"{_each(lost.tests)} in `{lost.name}` never {_run(lost)}: {base} says `__test__ = False`"
        f" ({lost.off_at}), and so does the class.",
        "pytest asks a class for `__test__`, and a class answers as its bases do.",
        f"Say `__test__ = True` in `{lost.name}`.",
    )


def _class_name(lost: LostTests) -> Said:
    return (
        "likely",
        "class",
        f"{_each(lost.tests)} in `{lost.name}` never {_run(lost)}: pytest does not look into a"
        " class of that name, and nothing inherits from it.",
        f"pytest looks for classes named {_patterns(lost)}.",
        f"Give `{lost.name}` a name that fits, or say `python_classes` in the configuration.",
    )


def _nested(lost: LostTests) -> Said:
    return (
        "likely",
        "test",
        f"`{lost.name}` never runs: it stands inside of `{lost.inside}`, which does nothing with"
        " it.",
        "pytest finds the functions of modules and classes. One inside of a function is made anew"
        " with each call of that, and dropped.",
        f"Move `{lost.name}` out of `{lost.inside}`: often it is one indentation too deep.",
    )


def _file_name(lost: LostTests) -> Said:
    return (
        "likely",
        "file",
        f"{_each(lost.tests)} in {lost.place.file} never {_run(lost)}: pytest does not open a file"
        " of that name, and nothing imports it.",
        f"pytest looks for files named {_patterns(lost)}.",
        "Rename the file, or say `python_files` in the configuration.",
    )


WORDS = {
    "twin": _twin,
    "constructor": _constructor,
    "switched off": _switched_off,
    "class name": _class_name,
    "nested": _nested,
    "file name": _file_name,
}


def _each(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _run(lost: LostTests) -> str:
    return "runs" if len(lost.tests) == 1 else "run"


def _patterns(lost: LostTests) -> str:
    names = [one if set("*?[") & set(one) else f"{one}*" for one in lost.patterns]
    return " or ".join(f"`{name}`" for name in names) or "otherwise"
