"""What `%progress` shows: bars that are said in words too, where you were, what comes next."""

import re
from dataclasses import replace
from html import unescape

from loopcheck.lab import exercises, overview
from loopcheck.lab.progress import Progress

FRESH = [(one, Progress(lesson=one.stem)) for one in map(exercises.load, exercises.stems())]
STEMS = [overview.PRIMER, *exercises.stems()]


def after(*solved: str, hints: tuple[str, ...] = ()) -> list[overview.Standing]:
    """Return the states after these codes were solved, or hinted at, one after the other."""
    order = [*hints, *solved]
    return [
        (
            one,
            replace(
                state,
                passed="x" if one.code in solved else None,
                exercise=one.digest,
                hints=int(one.code in hints),
                when=order.index(one.code) + 1 if one.code in order else 0,
            ),
        )
        for one, state in FRESH
    ]


def said(states: list[overview.Standing], *, everything: bool = False) -> str:
    return overview.shown(states, STEMS, everything=everything)[0]


def test_what_a_fresh_start_shows_does_not_change_with_the_number_of_lessons() -> None:
    few = [pair for pair in FRESH if pair[0].code in ("LC101", "LC102")]
    assert said(few) == said(FRESH)
    assert not re.search(r" \d+ ", said(FRESH))
    assert said(FRESH).endswith(
        "\nBegin with 01_how_a_test_gets_its_loop.ipynb (nothing to solve), then "
        "lc102_loop_mismatch.ipynb."
    )


def test_a_family_has_a_bar_and_says_the_same_in_words() -> None:
    loops = sum(one.code.startswith("LC1") for one, _ in FRESH)
    assert re.search(rf"LC1xx +loops +\[#+-+\] +2 of {loops} solved", said(after("LC101", "LC102")))


def test_a_bar_is_full_only_when_all_is_solved() -> None:
    bars = [overview.Family("LC1xx", "loops", solved, 100).bar for solved in (0, 1, 99, 100)]
    assert [bar.count("#") for bar in bars] == [0, 1, 19, 20]


def test_where_you_were_is_told_latest_first() -> None:
    rows = said(after("LC106", "LC101", hints=("LC102",))).partition("latest first\n")[2]
    assert re.findall(r"LC\d{3}", rows)[:3] == ["LC101", "LC106", "LC102"]


def test_the_next_lesson_is_that_of_the_shortest_path() -> None:
    assert 'Next: lc102_loop_mismatch.ipynb (on the path "an hour").' in said(after("LC101"))
    following = [pair for pair in after("LC102") if pair[0].code in ("LC101", "LC102", "LC106")]
    assert overview.following(following, STEMS) == (
        'Next: lc106_scope_mismatch.ipynb (on the path "half a day").'
    )
    last = [pair for pair in after() if pair[0].code == "LC105"]
    assert "lc105_hand_made_loop.ipynb" in overview.following(last, STEMS)
    every = after(*(one.code for one, _ in FRESH))
    assert overview.following(every, STEMS) == "Nothing is open: every exercise is solved."


def test_html_says_what_the_text_says() -> None:
    for everything in (False, True):
        text, html = overview.shown(after("LC101", "LC102"), STEMS, everything=everything)
        plain = unescape(re.sub(r"<[^>]+>", " ", html))
        missing = [word for word in text.split() if word not in plain and word.strip("[#-]")]
        assert missing == []
        assert "width:" in html


def test_the_recall_is_of_an_older_one_and_another_on_another_day() -> None:
    assert overview.recalled(after("LC101"), day=1) is None
    solved = after("LC105", "LC102", "LC101")
    asked = [found.code for day in range(3) if (found := overview.recalled(solved, day))]
    assert asked == ["LC105", "LC102", "LC105"]


def test_the_recalls_answer_is_folded_and_its_name_not_in_the_question() -> None:
    states = after("LC102", "LC105", "LC101")
    older = overview.recalled(states, 0)
    assert older is not None
    assert "LC102" not in " ".join(overview.asked(older))
    text, html = overview.shown(states, STEMS)
    assert "Why:" not in text
    folded = html.partition("<details>")[2].partition("</details>")[0]
    assert "LC102 loop-mismatch" in folded
    assert "Why:" in folded
