"""The wrong answers that come to mind first: none is accepted, and the page says what they hear.

All of them take some minutes: `make wrong-answers` grades them and writes the page. Here it is
every tenth exercise, and what the page says of all.
"""

import ast

import pytest
import wrong_answers  # type: ignore[import-not-found]
from wrong_answers import page

from loopcheck.lab import exercises

STEMS = exercises.stems()
SOME = STEMS[::10]  # the same each day: a red run must be red again
PAGE = page.PAGE.read_text("utf-8")


@pytest.mark.parametrize("stem", STEMS)
def test_each_exercise_has_five_that_can_be_read_and_differ(stem: str) -> None:
    answers = list(wrong_answers.of(stem))
    skeleton = exercises.load(stem).skeleton
    assert len(answers) >= 5
    assert len({one.name for one in answers}) == len(answers)
    assert len({one.text for one in answers} | {skeleton}) == len(answers) + 1
    for one in answers:
        ast.parse(one.text)


def test_the_page_has_every_exercise_and_none_that_accepts() -> None:
    counts = page.counts(PAGE)
    assert [*counts] == [exercises.code_of(stem) for stem in STEMS]
    assert {code for code, (*_, accepted) in counts.items() if accepted} == set()


@pytest.mark.parametrize("stem", STEMS)
def test_the_page_is_about_the_answers_that_there_are(stem: str) -> None:
    names = [one.name for one in wrong_answers.of(stem)]
    tried, recognised, refused, accepted = page.counts(PAGE)[exercises.code_of(stem)]
    assert tried == recognised + refused + accepted == len(names)
    for name in names:
        assert f"\n- {name}: " in PAGE


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("stem", SOME)
def test_none_is_accepted(stem: str) -> None:
    heard = {one.name: wrong_answers.outcome(one) for one in wrong_answers.of(stem)}
    assert [name for name, one in heard.items() if one.accepted] == []


def test_a_page_is_read_back_as_it_was_written() -> None:
    met = wrong_answers.Outcome(accepted=True)
    known = wrong_answers.Outcome(accepted=False, unmet="it runs", turns=("a sleep",))
    only = wrong_answers.Outcome(accepted=False, unmet="it runs")
    text = page.page({"lc202_never_awaited": {"one": met, "two": known, "three": only}})
    assert page.counts(text) == {"LC202": (3, 1, 1, 1)}
    later = {"lc203_hang": {"four": only}, "lc202_never_awaited": {"one": known}}
    both = {"lc202_never_awaited": {"one": met}, "lc203_hang": {"four": known, "five": met}}
    assert page.updated(page.page(both), later) == page.page({one: later[one] for one in both})
    assert "- one: **accepted**\n" in text
    assert "- two: recognised, as “a sleep”; not met: it runs\n" in text
    assert "- three: refused; not met: it runs\n" in text
