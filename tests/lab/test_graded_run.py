"""The clock of a graded run: it counts the time of the answer, and not ours."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from loopcheck.lab.graded_run import LONGEST_WORDS, Clock, EachTest
from loopcheck.lab.seen import Seen


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    told: list[float] = []
    with monkeypatch.context() as patch:
        clock = SimpleNamespace(monotonic=lambda: told[-1])
        patch.setattr("loopcheck.lab.graded_run.time", clock)
        yield told


def over(clock: Clock, times: list[float], seen: Seen, now: float) -> bool:
    times.append(now)
    return clock.over(seen)


def test_a_run_has_its_seconds_from_when_pytest_is_up(times: list[float]) -> None:
    clock = Clock(3)
    assert not over(clock, times, Seen(), 100)
    assert not over(clock, times, Seen(started=True), 110)
    assert not over(clock, times, Seen(started=True), 112)
    assert over(clock, times, Seen(started=True), 114)


def test_the_time_that_a_failure_is_explained_is_not_the_answers(times: list[float]) -> None:
    clock = Clock(3)
    assert not over(clock, times, Seen(started=True), 10)
    assert not over(clock, times, Seen(started=True), 11)
    assert not over(clock, times, Seen(started=True, judging=True), 15)
    assert not over(clock, times, Seen(started=True), 16)
    assert over(clock, times, Seen(started=True), 18)


def test_a_report_that_never_ends_is_ended(times: list[float]) -> None:
    clock = Clock(3)
    assert not over(clock, times, Seen(started=True, judging=True), 10)
    assert not over(clock, times, Seen(started=True, judging=True), 12 + LONGEST_WORDS)
    assert over(clock, times, Seen(started=True, judging=True), 14 + LONGEST_WORDS)


def test_what_the_observer_says_tells_the_one_time_from_the_other() -> None:
    seen = Seen()
    seen.take([{"event": "explains"}])
    assert seen.judging
    seen.take([{"event": "explained"}])
    assert not seen.judging


@pytest.mark.parametrize(("threads", "ended"), [(1, True), (0, False)])
def test_a_process_that_is_slow_to_end_is_ended_early_only_if_a_thread_is_left(
    times: list[float], threads: int, ended: bool
) -> None:
    clock, seen = Clock(3), Seen(started=True, finished=True, threads=threads)
    assert not over(clock, times, seen, 10.0)
    assert over(clock, times, seen, 13.0) == ended
    assert over(clock, times, seen, 30.0)


def test_where_each_test_has_its_seconds_imports_and_other_tests_do_not_count(
    times: list[float],
) -> None:
    clock = EachTest(3)
    assert not over(clock, times, Seen(started=True), 10)
    assert not over(clock, times, Seen(started=True), 40)  # it still imports
    assert not over(clock, times, Seen(started=True, running="test_one"), 41)
    assert not over(clock, times, Seen(started=True, running="test_two"), 45)
    assert not over(clock, times, Seen(started=True, running="test_two"), 47)
    assert over(clock, times, Seen(started=True, running="test_two"), 49)
