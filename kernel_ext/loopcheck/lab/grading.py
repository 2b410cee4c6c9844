"""Grades an answer: one process for each run, each requirement reported as soon as it is known."""

import ast
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace

from loopcheck.lab import busy_machine, graded_run, planted_bugs
from loopcheck.lab.exercise import AS_IT_IS, Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.projects import output_masks
from loopcheck.lab.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A checked requirement: *seen* is what was seen instead of it, None if it holds."""

    requirement: Requirement
    seen: str | None = None
    looked: bool = True
    bug: tuple[str, ...] = ()  # the change that the tests did not notice, as a diff
    busy: bool = False  # a limit of time ran out, twice, on a machine that has much to do

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


PATIENCE = 3  # times the seconds of the exercise, when the machine is busy
PYTHON = Requirement(name="the cell can be read as Python", unmet=lambda seen: None)


def grade(
    exercise: Exercise,
    answer: str,
    tell: Callable[[Checked], None],
    runs: Callable[[Requirement], None] = lambda requirement: None,
) -> Verdict:
    """Return the verdict on *answer*; `tell` receives each requirement as soon as it is known.

    `runs` receives the requirement that is being checked, many times a second.
    """
    verdict, noticed = Verdict(), set[str]()

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
        look = _Look(exercise, answer, run, wanted, note, runs)
        seen = look.watch(frozenset(noticed))
        if run == AS_IT_IS:
            verdict.output, verdict.explained = seen.output, seen.explained
        if any(one.catches for one in wanted):
            red = {test for test, outcome in seen.outcomes.items() if outcome == "failed"}
            noticed |= red - seen.by_code
        if not look.busy and not run.emptied:  # else more than the answer was at work
            taken = [turn for turn in exercise.wrong_turns if turn.did(seen)]
            verdict.turns += [turn for turn in taken if turn not in verdict.turns]
    return verdict


@dataclass
class _Look:
    """A look at one run of an answer, for the requirements of this run."""

    exercise: Exercise
    answer: str
    run: Run
    open_ones: list[Requirement]
    note: Callable[[Checked], None]
    runs: Callable[[Requirement], None]
    busy: bool = False

    def watch(self, noticed: frozenset[str]) -> Seen:
        """Run the answer, and call `note` with each requirement.

        If a limit of time runs out on a busy machine, the answer gets a second run with more time.
        """
        self.open_ones = list(self.open_ones)
        seen = self._once(self.exercise, noticed)
        if self._is_limited(seen):
            patient = replace(self.exercise, seconds=PATIENCE * self.exercise.seconds)
            seen = self._once(patient, noticed)
            self.busy = self._is_limited(seen)
        failed = False
        for requirement in self.open_ones:
            self.note(self._checked(requirement, seen, looked=not failed))
            failed = failed or requirement.unmet(seen) is not None
        return seen

    def _once(self, exercise: Exercise, noticed: frozenset[str]) -> Seen:
        bugs = tuple(wrong for _, _, wrong in self.run.planted)
        seen = Seen(
            answer=self.answer,
            planted=bool(bugs),
            bugs=bugs,
            noticed=noticed,
            reverse=self.run.reverse,
        )
        with closing(graded_run.watch(exercise, self.answer, self.run, seen)) as moments:
            for _ in moments:
                self._take_early(seen)
                for requirement in self.open_ones[:1]:
                    self.runs(requirement)
        return seen

    def _take_early(self, seen: Seen) -> None:
        for first in self.open_ones[:1]:
            if seen.collected is not None and first.early and first.unmet(seen) is None:
                self.note(Checked(requirement=self.open_ones.pop(0)))

    def _is_limited(self, seen: Seen) -> bool:
        timed = any(one.timed and one.unmet(seen) for one in self.open_ones)
        return (timed or busy_machine.hit_a_limit(seen)) and busy_machine.is_busy(seen)

    def _checked(self, requirement: Requirement, seen: Seen, *, looked: bool) -> Checked:
        what = requirement.unmet(seen) if looked else None
        if what is None:
            return Checked(requirement=requirement, looked=looked)
        bug = planted_bugs.diff(self.exercise.frozen, self.run.planted)
        return Checked(
            requirement=requirement,
            seen=output_masks.mask(what),
            bug=bug if requirement.catches and not seen.never_started else (),
            busy=self.busy,
        )
