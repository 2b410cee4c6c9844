"""The page of wrong answers: for each exercise what was tried, and what its learner got to hear."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from loopcheck.lab import exercises
from wrong_answers import Outcome  # type: ignore[import-not-found]

PAGE = Path(__file__).resolve().parents[3] / "docs" / "exercises.md"
HEAD = """\
# What wrong answers to the exercises get to hear

Each lesson ends in a graded exercise. For each of them somebody wrote down what comes to mind
first after the lesson's "See it fail": five answers that are wrong. Others, who had read the
task but no grader, added between one and nineteen to each: they hide the symptom, fix half, or
cheat a little. `make wrong-answers` grades all of them and writes this page. The answers are in
[`tests/lab/wrong_answers`](../tests/lab/wrong_answers).

- *recognised*: the verdict names the requirement that is not met, and has words for this idea
- *refused*: the verdict names the requirement that is not met, what was seen, and a bug that the
  tests did not notice if there is one
- *accepted*: the exercise counts as solved. There must be none

"""
ROW = re.compile(r"\| (LC\d{3}) [\w-]+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|")
WORDS = ("recognised", "refused", "accepted")
Outcomes = Mapping[str, Mapping[str, Outcome]]  # by stem, then by the name of the answer


def page(found: Outcomes) -> str:
    """Return the page."""
    counted = {stem: Counter(one.word for one in found[stem].values()) for stem in found}
    total = sum(counted.values(), Counter[str]())
    rows = [_row(_title(stem), counted[stem]) for stem in found]
    table = [
        "| exercise | tried | recognised | refused | accepted |",
        "|---|---|---|---|---|",
        *rows,
        _row(f"**all {len(found)}**", total),
    ]
    return HEAD + "\n".join([*table, *(line for stem in found for line in _part(stem, found)), ""])


def updated(text: str, found: Outcomes) -> str:
    """Return the page *text* with what is *found* now about some of its exercises."""
    for stem, heard in found.items():
        title = _title(stem)
        row = _row(title, Counter(one.word for one in heard.values()))
        part = "\n".join([*_part(stem, found)[1:], ""])
        text = _with(text, rf"^\| {title} \|.*$", row)
        text = _with(text, rf"^## {title}\n\n(?:- .*\n)*", part)
    tried, *others = (sum(column) for column in zip(*counts(text).values(), strict=True))
    total = _row(f"**all {len(counts(text))}**", Counter(dict(zip(WORDS, others, strict=True))))
    assert f"| {tried} |" in total
    return _with(text, r"^\| \*\*all \d+\*\* \|.*$", total)


def _with(text: str, old: str, new: str) -> str:
    return re.sub(old, lambda _: new, text, flags=re.M)


def _row(title: str, counts: Counter[str]) -> str:
    numbers = (counts.total(), *(counts[word] for word in WORDS))
    return f"| {title} | " + " | ".join(map(str, numbers)) + " |"


def _title(stem: str) -> str:
    exercise = exercises.load(stem)
    return f"{exercise.code} {exercise.slug}"


def _part(stem: str, found: Outcomes) -> Sequence[str]:
    lines = [f"- {name}: {_heard(one)}" for name, one in found[stem].items()]
    return ["", f"## {_title(stem)}", "", *lines]


def _heard(one: Outcome) -> str:
    if one.accepted:
        return "**accepted**"
    knows = f", as “{one.turns[0]}”" if one.turns else ""
    return f"{one.word}{knows}; not met: {one.unmet}"


def counts(text: str) -> dict[str, tuple[int, int, int, int]]:
    """Return the numbers in a page, by code: tried, recognised, refused, accepted."""
    found = {code: tuple(map(int, numbers)) for code, *numbers in ROW.findall(text)}
    return {code: (one[0], one[1], one[2], one[3]) for code, one in found.items()}
