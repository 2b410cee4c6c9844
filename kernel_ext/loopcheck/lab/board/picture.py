"""The board as its page draws it: hands, where most are stuck, and each lesson's learners."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from loopcheck.lab.board.kept import Dated
from loopcheck.lab.board.row import Row
from loopcheck.lab.board.shown import STOPS, Seen, Shown, lesson
from loopcheck.lab.learner.lesson_paths import paths
from loopcheck.modes import catalogue

SCHEMA = 1
QUIET = 10  # minutes without a verdict, after which it is worth to go and look
ORDER = ("hand", "stuck", "working", "reading", "solved")  # who needs somebody comes first
Json = dict[str, object]


def picture(all_rows: Iterable[Dated], told: Sequence[str], now: float) -> Json:
    """Return what the page shows; it has names that learners chose, and no answers."""
    rows = list(all_rows)
    shown = Shown(tuple(Seen(row=one.row, minutes=0) for one in rows))
    at: defaultdict[str, list[Json]] = defaultdict(list)
    for one in rows:
        at[one.row.lesson].append(_learner(one, now))
    spent: defaultdict[str, list[int]] = defaultdict(list)
    for one in rows:
        for stem, seconds in one.spent_until(now).items():
            spent[stem].append(int(seconds) // 60)
    learners = [learner for some in at.values() for learner in some]
    return {
        "schema": SCHEMA,
        "counts": {
            "learners": len(rows),
            "hands": sum(learner["hand"] is True for learner in learners),
            **{
                state: sum(learner["state"] == state for learner in learners)
                for state in ("solved", "stuck", "working", "reading")
            },
        },
        "hands": [
            {
                "name": one.row.name,
                "lesson": lesson(one.row.lesson),
                "minutes": _minutes(now - one.hand_when),
                "says": one.row.hand,
            }
            for one in sorted(rows, key=lambda one: one.hand_when)
            if one.row.hand is not None
        ],
        "stops": [
            {
                "lesson": lesson(stop.lesson),
                "requirement": stop.requirement,
                "learners": stop.learners,
            }
            for stop in shown.stops[:STOPS]
            if stop.learners > 1
        ],
        "lessons": [
            {
                **_named(stem),
                "minutes": int(median(spent[stem])) if spent[stem] else None,
                "learners": sorted(at[stem], key=_place),
            }
            for stem in _in_order(at)
        ],
        "told": list(told),
    }


def _learner(one: Dated, now: float) -> Json:
    row, quiet = one.row, _minutes(now - one.when)
    state = _state(row)
    return {
        "name": row.name,
        "state": state,
        "met": sum(state == "met" for _, state in row.requirements),
        "of": len(row.requirements),
        "stop": row.stop,
        "hints": row.hints,
        "hand": row.hand is not None,
        "minutes": _minutes(one.spent_until(now).get(row.lesson, 0.0)),
        "quiet": quiet if quiet >= QUIET and state != "solved" else 0,
    }


def _state(row: Row) -> str:
    if row.solved:
        return "solved"
    if row.stop:
        return "stuck"
    return "working" if any(state == "met" for _, state in row.requirements) else "reading"


def _place(learner: Json) -> tuple[int, str]:
    state = "hand" if learner["hand"] else str(learner["state"])
    return ORDER.index(state), str(learner["name"]).casefold()


def _named(stem: str) -> Json:
    mode = catalogue.find(stem) if stem else None
    if mode is not None:
        return {"code": mode.code, "name": mode.slug}
    return {"code": "", "name": lesson(stem) or "before the first lesson"}


def _in_order(stems: Iterable[str]) -> list[str]:
    """Return *stems* in the order of the paths, and after them what is on no path."""
    known = set(stems)
    ordered = [stem for steps in paths(known).values() for stem in steps]
    return [*([""] if "" in known else []), *ordered, *sorted(known - {*ordered, ""})]


def _minutes(seconds: float) -> int:
    return max(0, int(seconds)) // 60
