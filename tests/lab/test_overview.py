"""What `%progress` shows: bars that are said in words too, where you were, what comes next."""

import re
from html import unescape
from pathlib import Path

from loopcheck.lab import clinics, exercises
from loopcheck.lab.learner import overview, progress
from loopcheck.lab.learner.progress import Progress
from loopcheck.lab.learner.standings import Standing, of_clinic, of_exercise, standings

KNOWN = [exercises.load(stem) for stem in exercises.stems()]
CLINIC = clinics.all_clinics()[0]
FRESH = [of_exercise(one, Progress(lesson=one.stem)) for one in KNOWN]
STEMS = [overview.PRIMER, *exercises.stems(), CLINIC.stem]


def after(*solved: str, hints: tuple[str, ...] = ()) -> list[Standing]:
    """Return the standings after these codes were solved, or hinted at, one after the other."""
    order = [*hints, *solved]
    return [
        of_exercise(
            one,
            Progress(
                lesson=one.stem,
                passed="x" if one.code in solved else None,
                exercise=one.digest,
                hints=int(one.code in hints),
                when=order.index(one.code) + 1 if one.code in order else 0,
            ),
        )
        for one in KNOWN
    ]


def said(states: list[Standing], *, everything: bool = False) -> str:
    return overview.shown(states, STEMS, everything=everything)[0]


def test_what_a_fresh_start_shows_does_not_change_with_the_number_of_lessons() -> None:
    few = [one for one in FRESH if one.name in ("LC101", "LC102")]
    assert overview.shown(few, STEMS) == overview.shown(FRESH, STEMS)
    assert not re.search(r" \d+ ", said(FRESH))
    assert said(FRESH).endswith(
        "\nBegin with 01_how_a_test_gets_its_loop.ipynb (nothing to solve), then "
        "lc102_loop_mismatch.ipynb."
    )


def test_a_family_has_a_bar_and_says_the_same_in_words() -> None:
    loops = sum(one.name.startswith("LC1") for one in FRESH)
    assert re.search(rf"LC1xx +loops +\[#+-+\] +2 of {loops} solved", said(after("LC101", "LC102")))


def test_a_bar_is_full_only_when_all_is_solved() -> None:
    bars = [overview.Family("LC1xx", "loops", solved, 100).bar for solved in (0, 1, 99, 100)]
    assert [bar.count("#") for bar in bars] == [0, 1, 19, 20]


def test_where_you_were_is_told_latest_first() -> None:
    rows = said(after("LC106", "LC101", hints=("LC102",))).partition("latest first\n")[2]
    assert re.findall(r"LC\d{3}", rows)[:3] == ["LC101", "LC106", "LC102"]


def test_the_next_lesson_is_that_of_the_shortest_path() -> None:
    assert 'Next: lc102_loop_mismatch.ipynb (on the path "an hour").' in said(after("LC101"))
    following = [one for one in after("LC102") if one.name in ("LC101", "LC102", "LC106")]
    assert overview.following(following, STEMS) == (
        'Next: lc106_scope_mismatch.ipynb (on the path "half a day").'
    )
    last = [one for one in after() if one.name == "LC105"]
    assert "lc105_hand_made_loop.ipynb" in overview.following(last, STEMS)
    every = after(*(one.name for one in FRESH))
    assert overview.following(every, STEMS) == "Nothing is open: you have solved everything."


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


def test_a_clinic_is_a_step_like_a_lesson() -> None:
    names = [one.project for one in CLINIC.patients]
    solved = after("LC102", "LC202", "LC203")
    for count in (0, 1, len(names)):
        kept = "\n".join(f"{name} healthy" for name in names[:count]) or None
        standing = of_clinic(CLINIC, Progress(lesson=CLINIC.stem, passed=kept, when=99))
        ahead = overview.following([*solved, standing], STEMS)
        assert (f"{CLINIC.stem}.ipynb" in ahead) == (count < len(names))
        shown = said([*solved, standing])
        assert (f"1 of {len(names)} projects diagnosed" in shown) == (count == 1)
    assert "clinic one (solved)" in str(overview.map_of_paths([*solved, standing]))


def test_what_is_kept_of_a_clinic_is_read(loopcheck_home: Path) -> None:
    name = CLINIC.patients[0].project
    progress.write(Progress(lesson=CLINIC.stem, passed=f"{name} healthy", when=7))
    [standing] = [one for one in standings()[0] if one.stem == CLINIC.stem]
    assert (standing.begun, standing.solved, standing.when) == (True, False, 7)


def test_the_paths_say_what_a_lesson_is_about_and_lead_to_those_that_are_there() -> None:
    text, html = overview.mapped(after("LC102"), ["lc102_loop_mismatch", "80_clinic_one"])
    assert "LC102 loop-mismatch (solved), LC202 never-awaited" in text
    assert re.findall(r'href="([^"]+)"', html) == [
        "lc102_loop_mismatch.ipynb",
        "80_clinic_one.ipynb",
    ]
    assert ">an&nbsp;hour<" in html
