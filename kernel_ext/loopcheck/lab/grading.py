"""Grades an answer: one process for each run, each requirement reported as soon as it is known."""

import ast
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from loopcheck.lab import graded_run
from loopcheck.lab.exercise import AS_IT_IS, Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.projects import output_masks
from loopcheck.lab.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A checked requirement: *seen* is what was seen instead of it, None if it holds."""

    requirement: Requirement
    seen: str | None = None
    looked: bool = True

    @property
    def met(self) -> bool:
        """True if it was checked and holds."""
        return self.looked and self.seen is None


@dataclass(kw_only=True)
class Verdict:
    """The result of grading an answer."""

    checked: list[Checked] = field(default_factory=list)
    turns: list[WrongTurn] = field(default_factory=list)  # the answer took these
    output: str = ""  # what the answer printed
    explained: bool = False  # `%loopcheck why` has an explanation

    @property
    def passed(self) -> bool:
        """True if every requirement is met."""
        return bool(self.checked) and all(one.met for one in self.checked)


def _not_python(answer: str) -> str | None:
    """Return why *answer* is not Python, None if it is."""
    try:
        ast.parse(answer)
    except SyntaxError as error:
        line = (error.text or "").strip()
        return f"line {error.lineno} below %%exercise, `{line}`: {error.msg}"
    except ValueError as error:  # null bytes
        return str(error)
    except (RecursionError, MemoryError):
        return "it is nested too deeply"
    return None


PYTHON = Requirement(name="the cell can be read as Python", unmet=lambda seen: None)


def grade(exercise: Exercise, answer: str, tell: Callable[[Checked], None]) -> Verdict:
    """Return the verdict on *answer*; `tell` receives each requirement as soon as it is known."""
    verdict = Verdict()

    def note(one: Checked) -> None:
        verdict.checked.append(one)
        tell(one)

    note(Checked(requirement=PYTHON, seen=_not_python(answer)))
    for run in dict.fromkeys(requirement.run for requirement in exercise.requirements):
        wanted = [one for one in exercise.requirements if one.run == run]
        if any(not one.met for one in verdict.checked):  # the rest would only repeat it
            for requirement in wanted:
                note(Checked(requirement=requirement, looked=False))
            continue
        seen = _look(exercise, answer, run, wanted, note)
        if run == AS_IT_IS:
            verdict.output, verdict.explained = seen.output, seen.explained
        taken = [turn for turn in exercise.wrong_turns if turn.did(seen)]
        verdict.turns += [turn for turn in taken if turn not in verdict.turns]
    return verdict


def _look(
    exercise: Exercise,
    answer: str,
    run: Run,
    wanted: list[Requirement],
    note: Callable[[Checked], None],
) -> Seen:
    """Run *answer* once and call `note` with each requirement of this *run*."""
    bugs = tuple(wrong for _, _, wrong in run.planted)
    seen = Seen(planted=bool(bugs), bugs=bugs, reverse=run.reverse)
    open_ones = list(wanted)
    with closing(graded_run.watch(exercise, answer, run, seen)) as moments:
        for _ in moments:
            early = seen.collected is not None and bool(open_ones) and open_ones[0].early
            if early and open_ones[0].unmet(seen) is None:
                note(Checked(requirement=open_ones.pop(0)))
    failed = False
    for requirement in open_ones:
        what = None if failed else requirement.unmet(seen)
        words = output_masks.mask(what) if what else None
        note(Checked(requirement=requirement, seen=words, looked=not failed))
        failed = failed or what is not None
    return seen
