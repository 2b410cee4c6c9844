"""`loopcheck new`: the files of a new mode, each with notes on what to write in it.

They can be imported and run, so nothing else breaks; tests/test_shape.py lists every line that
holds MARK until it is gone.
"""

from pathlib import Path
from textwrap import dedent

from loopcheck.lab.skeletons import new_notebook
from loopcheck.modes import catalogue

MARK = "TO" + "-WRITE:"  # in two parts: this file is no skeleton


def files(stem: str) -> dict[str, str]:
    """Return the text of each file of a mode, by its path in the repository."""
    code, slug = stem[:5].upper(), stem[6:].replace("_", "-")
    package, family = "kernel_ext/loopcheck", f"{code[:3]}xx"
    folder = f"{package}/modes/{catalogue.ROOMS[family]}/{stem}"
    texts = {
        f"{folder}/__init__.py": MODE,
        f"{folder}/evidence.py": EVIDENCE,
        f"tests/modes/test_{stem}.py": MODE_TEST,
        f"tests/modes/{stem}/bad.py": BAD,
        f"tests/modes/{stem}/good.py": GOOD,
        f"{package}/lab/exercises/{stem}.py": EXERCISE,
        f"notebooks/solutions/{stem}.py": SOLUTION,
        f"tests/lab/answers/{stem}.py": ANSWERS,
        f"tests/lab/wrong_answers/{stem}.toml": WRONG_ANSWERS,
    }
    names = {
        "ROOM": catalogue.ROOMS[family],
        "CODE": code,
        "SLUG": slug,
        "STEM": stem,
        "MARK": MARK,
    }
    found = {path: _filled(text, names) for path, text in texts.items()}
    cells = [(name, _filled(text, names)) for name, text in CELLS]
    return found | {f"notebooks/{stem}.ipynb": new_notebook.of(cells)}


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"<{name}>", value)
    return dedent(text).lstrip("\n")


def write(root: Path, stem: str, *, lesson: bool = True) -> list[str]:
    """Write the files of *stem* below *root*; return their paths. None of them may exist."""
    texts = {path: text for path, text in files(stem).items() if lesson or _of_mode(path)}
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return list(texts)


def _of_mode(path: str) -> bool:
    return path.startswith(("kernel_ext/loopcheck/modes/", "tests/modes/"))


def open_lines(root: Path, stem: str) -> list[str]:
    """Return what remains to be written for *stem*: `path:line: what`."""
    return [
        f"{path}:{number}: {_unquoted(line.partition(MARK)[2])}"
        for path in files(stem)
        if (root / path).is_file()
        for number, line in enumerate((root / path).read_text("utf-8").splitlines(), 1)
        if MARK in line
    ]


def _unquoted(what: str) -> str:
    """Return *what* without the quotes, commas and newline escapes around it."""
    return what.strip().removesuffix(",").rstrip('"').removesuffix("\\n").rstrip(" *_")


MODE = '''
    """<CODE> <SLUG>: <MARK> the fault in one line.

    What: <MARK> what the program does, and what people see.
    Why:  <MARK> the mechanism.
    Fix:  <MARK> the smallest change.
    """

    from collections.abc import Iterator

    from loopcheck.modes.finding import Finding
    from loopcheck.records import Evidence

    CODE, SLUG = "<CODE>", "<SLUG>"
    SUPERSEDES: frozenset[str] = frozenset()
    SAYS: tuple[str, ...] = ()  # <MARK> words that people see of it, none if it has none


    def detect(evidence: Evidence) -> Iterator[Finding]:
        """<MARK> name what the evidence proves, and nothing else."""
        if not evidence.errors:  # <MARK> turn away first, at no cost, what is not its business
            return
        from loopcheck.modes.<ROOM>.<STEM> import evidence as questions  # late: for its own cases

        seen = evidence.ask(questions.find_cause)
        if seen is None:
            return
        yield from ()
    '''

EVIDENCE = '''
    """What only <CODE> asks: live objects in, records out."""

    from __future__ import annotations

    from loopcheck.case.live import Live
    from loopcheck.light import frozen
    from loopcheck.records import Place


    @frozen
    class Cause:
        """<MARK> the plain facts of one case: no live object, no frame."""

        place: Place


    def find_cause(live: Live) -> Cause | None:
        """<MARK> what the live process shows, None where it is another fault."""
        return None
    '''

MODE_TEST = '''
    """<CODE>: <MARK> what it names, and which neighbours it leaves alone."""

    from loopcheck.modes.<ROOM>.<STEM> import detect
    from loopcheck.modes.<ROOM>.<STEM>.evidence import find_cause
    from loopcheck.records import Evidence


    def test_without_evidence_nothing_is_named() -> None:
        assert not list(detect(Evidence()))


    def test_a_failure_with_another_cause_is_left_alone() -> None:
        assert not list(detect(Evidence.knowing({find_cause: None})))
    '''

BAD = '''
    """<MARK> the smallest test file that shows the fault, as a colleague would write it."""
    # <MARK> a line `name:` with what the finding names, and the code behind the line to change


    def test_something() -> None:
        pass
    '''

GOOD = '''
    """<MARK> the same, healthy, and then what only looks like the fault (good_near_….py)."""


    def test_something() -> None:
        pass
    '''

EXERCISE = '''
    """The exercise of <CODE>: <MARK> what it asks for, and why it is another case."""

    from loopcheck.lab.exercise import Exercise
    from loopcheck.lab.requirements import (
        EACH_CHECKS,
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        all_there,
    )

    SKELETON = """\\
    def test_something():  # <MARK> the file that the learner mends
        assert False
    """

    EXERCISE = Exercise(
        stem="<STEM>",
        kind="mend the test",  # <MARK> one of the six kinds
        task="<MARK> one sentence: what must hold at the end.",
        edits="test_something.py",
        skeleton=SKELETON,
        frozen={},  # <MARK> files that stay as they are, at least one bug to plant in them
        requirements=(all_there(1), EVERY_TEST_PASSES, NOTHING_LEFT, EACH_CHECKS),
        wrong_turns=(),  # <MARK> two at least, known by what they do
        hints=(
            "<MARK> where to look.",
            "<MARK> what is wrong there.",
            "<MARK> the shape of the answer, its middle left out.",
        ),
        learned="<MARK> You can …",
    )
    '''

SOLUTION = '''
    """<CODE> <SLUG>: the solution of the exercise, why it works, and one other good way.

    <MARK> what was wrong, what changed and why that works, another good way.
    """


    def test_something():
        assert True
    '''

ANSWERS = '''
    """Answers to the exercise of <CODE>: the right ones and the wrong turns."""

    SKELETON_SAYS = ("every test runs and passes", "")  # <MARK> words of what is seen

    RIGHT: dict[str, str] = {}  # <MARK> three at least, differently written

    # answer → the requirement that is not met, and words of the remark
    WRONG: dict[str, tuple[str, str, str]] = {}  # <MARK> two at least, with different remarks
    '''

WRONG_ANSWERS = """
    # <CODE>: <MARK> five that come to mind first after "See it fail", by somebody else

    [[answers]]
    name = "the assertion taken out"
    changes = [["assert False", "pass"]]
    """

CELLS = (
    (
        "title",
        "# <CODE> · <SLUG>\n\n**<MARK> the question it answers**\n\n"
        "<MARK> how long it takes, what it needs.\n\n"
        "If the next cell says `No module named 'loopcheck'`, this kernel lacks the extension. "
        'In a terminal, beside the workbook: `pip install -e ".[workbook]"`, then restart the '
        "kernel.",
    ),
    ("setup", "%load_ext loopcheck.lab"),
    (
        "saw",
        "## You saw this\n\n```text\n<MARK> two or three real outputs, word for word\n```\n\n"
        "## Predict\n\n<MARK> the case in a few lines, and a question whose answer the outputs do "
        "not give away.\n\n**(a)** … **(b)** … **(c)** …\n\n"
        "<details><summary>Answer</summary>\n<MARK> why each of them is tempting.\n</details>",
    ),
    ("guess", "%guess"),
    ("fail", "## See it fail\n\n<MARK> whose code this is."),
    (
        "failing",
        "%%project shop\n# file: test_shop.py\n"
        "# <MARK> ten to thirty lines that fail for this reason",
    ),
    ("why", "%pytest shop --tb=no\n%loopcheck why"),
    (
        "try-text",
        "**Try it.** <MARK> what to write in the line below, and a question to guess at first.",
    ),
    ("tryit", "%%tryit shop test_shop.py:1\n# <MARK> that line, as it is"),
    (
        "mechanism",
        "<details><summary>What you may have seen</summary>\n\n<MARK> what the try-it shows.\n\n"
        "</details>\n\n## Why\n\n<MARK> the mechanism in at most 120 words.",
    ),
    (
        "fix",
        "## Fix\n\n```diff\n<MARK> the smallest diff\n```\n\n"
        "## What does not fix it\n\n<MARK> remedies that people try, and the belief behind each.",
    ),
    ("remedy", "%%ipytest\n# <MARK> the remedy, run, and failing"),
    ("turn", "## Your turn\n\n<MARK> the task of the exercise, and the frozen files."),
    (
        "exercise",
        "%%exercise <CODE>\ndef test_something():  # <MARK> the skeleton\n    assert False",
    ),
    ("project", "## In your project\n\n<MARK> the command, the snippet, two neighbours."),
)
