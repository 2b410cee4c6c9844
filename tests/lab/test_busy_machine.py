"""A limit of time that runs out on a busy machine says nothing about the answer."""

from collections.abc import Callable, Generator

import pytest

from loopcheck.children.process_tree import Ended
from loopcheck.lab import busy_machine, exercises, graded_run, verdicts
from loopcheck.lab.exercise import Exercise, Run
from loopcheck.lab.grading import PATIENCE, Verdict, grade
from loopcheck.lab.seen import Seen

EXERCISE = exercises.load("lc203_hang")
TESTS = ["test_no_clerk_sees_the_gap", "test_two_clerks_add_at_once", *"abc"]
Runs = Callable[[Seen], None]


def passes(seen: Seen) -> None:
    seen.outcomes = dict.fromkeys(TESTS, "passed")
    seen.finished = True


def runs_late(seen: Seen) -> None:
    seen.running, seen.late = TESTS[0], True


def times_out(seen: Seen) -> None:
    seen.outcomes = {**dict.fromkeys(TESTS, "passed"), TESTS[0]: "failed"}
    seen.failures = {TESTS[0]: "assert TimeoutError"}
    seen.finished = True


def fails(seen: Seen) -> None:
    times_out(seen)
    seen.failures = {TESTS[0]: "assert {1, 0} == {1}"}


def never_starts(seen: Seen) -> None:
    seen.started, seen.collected, seen.ended = False, None, Ended(why="timeout")


@pytest.fixture
def seconds() -> list[float]:
    """Return how long each run may take, in their order."""
    return []


def graded(
    patch: pytest.MonkeyPatch, seconds: list[float], *runs: Runs, busy: bool = True
) -> Verdict:
    left = list(runs)

    def watch(exercise: Exercise, answer: str, run: Run, seen: Seen) -> Generator[None, None, None]:
        seconds.append(exercise.seconds)
        seen.started, seen.collected = True, TESTS
        (left.pop(0) if left else passes)(seen)
        yield

    patch.setattr(graded_run, "watch", watch)
    patch.setattr(busy_machine, "is_busy", lambda seen: busy)
    return grade(EXERCISE, "", lambda one: None)


@pytest.mark.parametrize("first", [runs_late, times_out, never_starts])
def test_a_limit_that_runs_out_there_gets_a_second_run_with_more_time(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float], first: Runs
) -> None:
    assert graded(monkeypatch, seconds, first).passed
    assert seconds[:3] == [EXERCISE.seconds, PATIENCE * EXERCISE.seconds, EXERCISE.seconds]


@pytest.mark.parametrize("again", [runs_late, times_out, never_starts])
def test_when_it_runs_out_again_the_answer_is_not_blamed(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float], again: Runs
) -> None:
    verdict = graded(monkeypatch, seconds, again, again)
    assert len(seconds) == 2
    assert verdict.turns == []
    (unmet,) = [one for one in verdict.checked if one.looked and not one.met]
    said = " ".join(verdicts.requirement(unmet).split())
    assert "This machine has much to do" in said
    assert "run the cell again when the machine is quieter" in said


def test_a_failure_without_a_limit_is_judged_at_once(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float]
) -> None:
    verdict = graded(monkeypatch, seconds, fails)
    assert [turn.name for turn in verdict.turns] == ["the gap seen"]
    assert "This machine" not in "".join(map(verdicts.requirement, verdict.checked))
    assert len(seconds) == 1


def test_on_a_quiet_machine_a_limit_is_judged_at_once(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float]
) -> None:
    assert not graded(monkeypatch, seconds, runs_late, busy=False).passed
    assert len(seconds) == 1


@pytest.mark.parametrize(
    ("seen", "load", "busy"),
    [
        (Seen(), 0.2, False),
        (Seen(), 10.0, True),
        (Seen(start=0.4), 0.2, False),
        (Seen(start=4.0), 0.2, True),
        (Seen(ended=Ended(why="timeout")), 0.2, True),
    ],
)
def test_a_slow_start_or_a_crowd_of_processes_makes_a_busy_machine(
    monkeypatch: pytest.MonkeyPatch, seen: Seen, load: float, busy: bool
) -> None:
    monkeypatch.setattr(busy_machine, "_load", lambda: load)
    assert busy_machine.is_busy(seen) == busy


def test_a_bug_is_not_noticed_by_a_run_that_never_started(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float]
) -> None:
    monkeypatch.setattr(f"{__name__}.EXERCISE", exercises.load("lc202_never_awaited"))
    monkeypatch.setattr(f"{__name__}.TESTS", [*"abc"])
    verdict = graded(monkeypatch, seconds, passes, never_starts, never_starts)
    unmet = next(one for one in verdict.checked if not one.met)
    assert unmet.requirement.name == "the tests notice a lock that does not turn"
    assert "pytest did not start in time" in (unmet.seen or "")
    assert unmet.bug == ()
