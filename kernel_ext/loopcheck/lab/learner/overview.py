"""What `%progress` shows: a bar for each family, where you were, what comes next.

Text and HTML come from the same rows. Nothing depends on colour or on a bar alone. Before the
learner starts there are no numbers: stored outputs must not change with each new lesson.
"""

import re
import textwrap
from dataclasses import dataclass
from html import escape

from loopcheck.lab import verdicts
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.learner.lesson_paths import PATHS, REST, paths
from loopcheck.lab.learner.standings import Standing
from loopcheck.modes import catalogue
from loopcheck.report import html, text
from loopcheck.report.sections import Section

BAR = 20  # signs of the bar
RECENT = 5  # lessons listed without --all
RECALL = "Two minutes to recall a mode that you have solved. It is not graded."
PRIMER = PATHS["an hour"][0]
NOTEBOOK = re.compile(r"\b((?:\w+/)?\w+\.ipynb)")
OWN = "lessons of your own"
SOLVED, TO_READ = " (solved)", "to read: nothing to solve"


@dataclass(frozen=True, slots=True)
class Family:
    """The lessons of a family, counted."""

    name: str  # "LC1xx"
    about: str  # "loops"
    solved: int
    lessons: int

    @property
    def bar(self) -> str:
        """The solved share: full only when all are solved, empty only when none is."""
        filled = min(BAR - 1, max(1, BAR * self.solved // self.lessons)) if self.solved else 0
        filled = BAR if self.solved and self.solved == self.lessons else filled
        return f"[{'#' * filled}{'-' * (BAR - filled)}]"

    @property
    def said(self) -> str:
        """The same in words."""
        return f"{self.solved} of {self.lessons} solved" if self.solved else "none solved yet"


def families(states: list[Standing]) -> list[Family]:
    """Return all families, those without a lesson too, and the teams' own lessons."""
    teams = {one.family: OWN for one in of_teams(states)}
    found = []
    for name, about in (catalogue.FAMILIES | teams).items():
        own = [one for one in states if one.family == name]
        found.append(Family(name, about, sum(one.solved for one in own), len(own)))
    return found


def of_teams(states: list[Standing]) -> list[Standing]:
    """Return the teams' lessons: neither the workbook's nor a clinic."""
    return [one for one in states if one.family and one.family not in catalogue.FAMILIES]


def shown(
    states: list[Standing], stems: list[str], *, everything: bool = False, day: int = 0
) -> tuple[str, str]:
    """Return the overview as text and as HTML; *stems* are the available notebooks.

    The recall is about a different mode each *day*.
    """
    rows = families(states)
    bars = Section(
        title="Your progress",
        columns=("family", "about", "exercises", "solved"),
        rows=tuple((one.name, one.about, one.bar, one.said) for one in rows),
    )
    lists = by_path(states, stems) if everything else recent(states)
    ahead = following(states, stems)
    older = None if everything else recalled(states, day)
    said = [text.section(bars), *map(text.section, lists), *asked(older), ahead]
    drawn = [_drawn(bars, rows), *map(html.section, lists), *_folded(older)]
    return "\n".join(said), _linked("".join([*drawn, f"<p>{escape(ahead)}</p>"]))


def recalled(states: list[Standing], day: int) -> Exercise | None:
    """Return the exercise to recall: a solved one, but not the latest."""
    known = (one for one in states if one.family in catalogue.FAMILIES)
    solved = sorted((one for one in known if one.solved), key=_when)
    older = solved[:-1]
    return older[day % len(older)].exercise if older else None


def asked(one: Exercise | None) -> list[str]:
    """Return the question about a mode, without its name: the name is part of the answer."""
    if one is None:
        return []
    fault = verdicts.sentence(catalogue.title(_mode(one)))
    asks = "What is that called, why does it fail, and what do you change?"
    lines = [f"{fault} {asks}", "Say it aloud, then look: %progress --answer"]
    return [RECALL, *(textwrap.indent(verdicts.paragraph(line), "  ") for line in lines)]


def answer(one: Exercise) -> str:
    """Return the answer to that question: the reference page, and the goal of the lesson."""
    return f"{catalogue.page(_mode(one))}\n\n{verdicts.paragraph(one.learned)}"


def _folded(one: Exercise | None) -> list[str]:
    if one is None:
        return []
    _, question, say = asked(one)
    return [
        f'<div style="{html.TITLE}">{escape(RECALL)}</div><div>{html.in_code(question)}</div>'
        f"<details><summary>{escape(say)}</summary>{html.page(answer(one))}</details>"
    ]


def _mode(one: Exercise) -> catalogue.Mode:
    found = catalogue.find(one.stem)
    assert found is not None, one.stem
    return found


def _when(standing: Standing) -> int:
    return standing.when


def recent(states: list[Standing]) -> list[Section]:
    """Return the lessons the learner worked on, latest first."""
    begun = sorted((one for one in states if one.begun), key=_when, reverse=True)
    rows = tuple((one.name, one.about, one.state) for one in begun[:RECENT])
    more = len(begun) - len(rows)
    note = f"… and {more} more: %progress --all" if more else ""
    columns = ("lesson", "about", "state")
    where = Section(title="Where you were, latest first", columns=columns, rows=rows, note=note)
    return [where] if rows else []


def by_path(states: list[Standing], stems: list[str]) -> list[Section]:
    """Return every available lesson, path by path."""
    known = {one.stem: one.state for one in states}
    found = []
    for name, steps in paths(stems).items():
        rows = tuple((f"{stem}.ipynb", known.get(stem, TO_READ)) for stem in steps)
        title = name.capitalize() if name == REST else f"Path: {name}"
        found.append(Section(title=title, columns=("lesson", "state"), rows=rows))
    rows = tuple((_notebook(one), one.state) for one in of_teams(states))
    found.append(Section(title=OWN.capitalize(), columns=("lesson", "state"), rows=rows))
    return [one for one in found if one.rows]


def _notebook(one: Standing) -> str:
    """Return where the notebook of a team's lesson is copied to."""
    return f"{one.family}/{one.stem}.ipynb"


def map_of_paths(states: list[Standing]) -> Section:
    """Return every path and its lessons, with solved ones marked: the same in every copy."""
    solved = {one.stem for one in states if one.solved}
    steps = [stem for starts in PATHS.values() for stem in starts if not stem.startswith("lc")]
    known = [*steps, *(mode.stem for mode in catalogue.modes())]
    rows = tuple(
        (name, ", ".join(_step(stem, name) + SOLVED * (stem in solved) for stem in found))
        for name, found in paths(known).items()
    )
    note = "A longer time holds the shorter ones too. %progress --all has a row for each lesson."
    return Section(title="Paths", columns=("time", "in this order"), rows=rows, note=note)


def mapped(states: list[Standing], stems: list[str]) -> tuple[str, str]:
    """Return the paths as text and as HTML; lessons among *stems* are links."""
    ways = map_of_paths(states)
    drawn = html.section(ways)
    for time in paths(stems):
        drawn = drawn.replace(f">{time}<", f">{time.replace(' ', '&nbsp;')}<")
    for stem in stems:
        drawn = drawn.replace(_step(stem, REST), f'<a href="{stem}.ipynb">{_step(stem, REST)}</a>')
    return text.section(ways), drawn


def _step(stem: str, path: str) -> str:
    """Return the name of a step: a code alone means nothing to a newcomer."""
    mode = catalogue.find(stem)
    if mode is None:
        return stem[3:].replace("_", " ")
    return mode.code if path == REST else f"{mode.code} {mode.slug}"


def following(states: list[Standing], stems: list[str]) -> str:
    """Return the sentence that names the next lesson: on the shortest path that is not done."""
    open_ones = {one.stem for one in states if not one.solved}
    ways = paths(stems)
    ahead = [(name, stem) for name, steps in ways.items() for stem in steps if stem in open_ones]
    if not ahead:
        own = [one for one in of_teams(states) if not one.solved]
        is_next = f"Next: {_notebook(own[0])} ({OWN})." if own else ""
        return is_next or "Nothing is open: you have solved everything."
    path, stem = ahead[0]
    if not any(one.begun for one in states) and PRIMER in stems:
        return f"Begin with {PRIMER}.ipynb (nothing to solve), then {stem}.ipynb."
    way = f"one of {path}" if path == REST else f'on the path "{path}"'
    return f"Next: {stem}.ipynb ({way})."


def _linked(drawn: str) -> str:
    """Return *drawn* with each notebook's name as a link to it."""
    return NOTEBOOK.sub(r'<a href="\1">\1</a>', drawn)


def _drawn(bars: Section, rows: list[Family]) -> str:
    """Return the bars as HTML: a filled box, with the words beside it."""
    table = html.section(bars)
    for one in rows:
        share = 100 * one.bar.count("#") // BAR
        box = (
            '<span style="display:inline-block;width:10em;height:.8em;border:1px solid">'
            f'<span style="display:block;width:{share}%;height:100%;background:currentColor">'
            "</span></span>"
        )
        table = table.replace(escape(one.bar), box, 1)
    return table
