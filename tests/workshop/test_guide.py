"""The facilitator's pages: what they say of the lessons is what the lessons say.

`make pages` writes workshop/lessons.md anew.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from loopcheck.lab import exercises
from loopcheck.lab.learner.lesson_paths import PATHS

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP, NOTEBOOKS = ROOT / "workshop", ROOT / "notebooks"
GUIDE, PLANS, LESSONS = (WORKSHOP / name for name in ("README.md", "plans.md", "lessons.md"))
WORDS = {"five": 5, "seven": 7, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30}
SAID = re.compile(
    r"\b(\w+) minutes(?:, and (\w+)(?: to (\w+))? for the exercise\.|[.:])", re.IGNORECASE
)
ROW = re.compile(r"^\| (\d+) \| (.+?) \|", re.MULTILINE)
STEM = re.compile(r"\b((?:lc\d{3}|\d\d)_\w+)\b")
HEAD = """\
# The lessons, for facilitators

Minutes as the lessons state them: reading, then the exercise. Below, each task with the wrong
answers that you are likely to meet, and the verdict's answer to each. Keep this page from the
learners: it gives things away. `make pages` writes it.
"""
SLACK = 5  # minutes that a plan may give a lesson beyond what it asks


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long a lesson takes: reading, and at least and at most for the exercise."""

    reading: int
    least: int = 0
    most: int = 0

    def __str__(self) -> str:
        if not self.most:
            return str(self.reading)
        least = "" if self.least == self.most else f"{self.least} to "
        return f"{self.reading} + {least}{self.most}"


def stems() -> list[str]:
    return sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb"))


def opening(stem: str) -> str:
    """Return the first cell of a lesson."""
    cells = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"])


def minutes(stem: str) -> Minutes | None:
    """Return what the lesson's first cell says; None where one stays as long as one likes."""
    found = SAID.search(opening(stem))
    if not found:
        return None
    reading, least, most = (WORDS.get((word or "").lower(), 0) for word in found.groups())
    return Minutes(reading, least, most or least)


def page() -> str:
    """Return the page on all lessons."""
    rows = ["| lesson | minutes | |", "|---|---|---|", *map(row, stems())]
    return "\n".join([HEAD, *rows, "", *(part for stem in exercises.stems() for part in of(stem))])


def row(stem: str) -> str:
    title = opening(stem).partition("\n")[0].lstrip("# ").strip()
    exercise = f"[exercise](#{stem})" if stem in exercises.stems() else ""
    link = f"[{title}](../notebooks/{stem}.ipynb)"
    return f"| {link} | {minutes(stem) or 'as many as you like'} | {exercise} |"


def of(stem: str) -> Iterator[str]:
    """Yield what there is to know of an exercise."""
    exercise = exercises.load(stem)
    yield f"## {stem}\n"
    yield f"{exercise.code}, *{exercise.kind}*. {exercise.task}\n"
    for turn in exercise.wrong_turns:
        yield f"- **{turn.name}**: {turn.answer}"
    yield f"\nAfterwards: {exercise.learned}\n"


def plans() -> dict[int, list[tuple[int, str]]]:
    """Return minutes and words of each step, by the minutes of the plan."""
    parts = re.split(r"^## .*?(\d+) minutes.*$", PLANS.read_text(encoding="utf-8"), flags=re.M)
    return {
        int(whole): [(int(number), words) for number, words in ROW.findall(text)]
        for whole, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_the_page_on_the_lessons_says_what_the_lessons_say() -> None:
    assert LESSONS.read_text(encoding="utf-8") == page(), "run: make pages"


@pytest.mark.parametrize("stem", exercises.stems())
def test_a_lesson_with_an_exercise_says_how_long_it_takes(stem: str) -> None:
    said = minutes(stem)
    assert said is not None
    assert 0 < said.least <= said.most
    assert exercises.load(stem).wrong_turns


def test_there_are_three_plans_and_their_steps_add_up() -> None:
    assert sorted(plans()) == [90, 210, 420]
    for whole, steps in plans().items():
        assert sum(number for number, _ in steps) == whole


def test_every_lesson_that_a_page_names_exists() -> None:
    named = {stem for file in (GUIDE, PLANS) for stem in STEM.findall(file.read_text("utf-8"))}
    assert named - {*stems()} == set()
    assert len(named) > 10


@pytest.mark.parametrize("whole", [90, 210, 420])
def test_a_plan_gives_each_lesson_the_time_it_asks_for(whole: int) -> None:
    for number, words in plans()[whole]:
        for stem in STEM.findall(words):
            asked = minutes(stem)
            assert asked is not None
            least = asked.reading + asked.least
            assert least <= number <= asked.reading + asked.most + SLACK, (stem, number, asked)


def test_a_plan_keeps_to_the_paths_that_progress_shows() -> None:
    allowed: tuple[str, ...] = ("00_start_here",)
    for whole, path in zip((90, 210, 420), PATHS, strict=True):
        allowed += PATHS[path]
        planned = [stem for _, words in plans()[whole] for stem in STEM.findall(words)]
        assert [stem for stem in planned if not stem.startswith(allowed)] == []
        assert len(planned) == len({*planned})


def test_the_link_for_nbgitpuller_opens_a_lesson_of_what_it_brings() -> None:
    [link] = re.findall(r"https://HUB/\S+", GUIDE.read_text(encoding="utf-8"))
    parts, asked = urlsplit(link), parse_qs(urlsplit(link).query)
    assert parts.path == "/hub/user-redirect/git-pull"
    assert asked.keys() == {"repo", "branch", "targetpath", "urlpath"}
    [opened], [folder] = asked["urlpath"], asked["targetpath"]
    assert opened.startswith(f"lab/tree/{folder}/")
    assert (ROOT / opened.removeprefix(f"lab/tree/{folder}/")).is_file()


def test_every_link_between_the_pages_leads_somewhere() -> None:
    for file in (GUIDE, PLANS):
        text = file.read_text(encoding="utf-8")
        heads = {head.lower().replace(" ", "-") for head in re.findall(r"^#+ (.+)$", text, re.M)}
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("#"):
                assert target[1:] in heads, target
            elif "://" not in target:
                assert (file.parent / target).exists(), target


if __name__ == "__main__":
    LESSONS.write_text(page(), encoding="utf-8")
