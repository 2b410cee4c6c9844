"""Modes ask, each question is answered once, and one that fails costs its own answer only."""

import os
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from itertools import count

import pytest

from loopcheck.case import failure_evidence, live
from loopcheck.case.live import Live
from loopcheck.case.question_limit import OutOfTime, within
from loopcheck.labels import Labels
from loopcheck.records import Evidence


class Wrong(Exception):
    pass


def seen_of(error: BaseException) -> Evidence:
    return failure_evidence.of_failure(error, Labels(os.getcwd()))


def test_a_question_sees_the_live_error_and_runs_once() -> None:
    asked: list[str] = []

    def type_of_error(case: Live) -> str:
        asked.append(case.phase)
        return type(case.error).__name__

    evidence = seen_of(Wrong("it"))
    assert [evidence.ask(type_of_error), evidence.ask(type_of_error)] == ["Wrong", "Wrong"]
    assert asked == ["call"]


def test_a_question_that_raises_is_a_note_and_others_are_answered() -> None:
    def broken_look(case: Live) -> str:
        raise KeyError("ours")

    evidence = seen_of(Wrong("it"))
    assert evidence.ask(broken_look) is None
    assert evidence.ask(lambda case: 1) == 1
    assert evidence.questions.notes == ("broken look: could not look, KeyError",)


def test_a_question_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.05)

    def endless_look(case: Live) -> str:
        for _ in count():
            try:
                len(case.links)
            except Exception:
                continue
        raise AssertionError

    evidence = seen_of(Wrong("it"))
    assert evidence.ask(endless_look) is None
    assert evidence.ask(lambda case: 1) == 1
    assert evidence.questions.notes == ("endless look: gave up after 0.05 s",)


def test_a_limit_never_comes_after_its_question() -> None:
    for _ in range(200):
        with suppress(OutOfTime):
            within(0.0005, _work)
        _work()


def _work() -> int:
    """Work in Python for about as long as the limit."""
    return len([number for number in range(2_000) if number % 3])


def test_no_thread_of_a_question_is_left_or_seen() -> None:
    seen = within(5.0, threading.enumerate)
    assert seen == threading.enumerate()


def test_a_closed_case_keeps_its_answers_and_nothing_live() -> None:
    error = Wrong("it")
    gone = weakref.ref(error)
    evidence = seen_of(error)
    assert evidence.ask(lambda case: 1) == 1
    evidence.ask(_words)
    evidence.questions.close()
    del error
    assert gone() is None
    assert evidence.ask(_words) == "it"
    assert evidence.ask(lambda case: 1) is None


def _words(case: Live) -> str:
    return str(case.error)


def test_a_test_of_a_mode_says_what_a_question_would_answer() -> None:
    evidence = Evidence.knowing({_words: "known"}, failed=True)
    assert evidence.ask(_words) == "known"
    assert evidence.failed
    assert Evidence().ask(_words) is None


def test_a_profile_still_runs_after_a_question_that_was_ended() -> None:
    """In a process of its own: on 3.11 it once stood still for ever."""
    text = (
        "import sys\n"
        "from loopcheck.case import question_limit\n"
        "def ends_late():\n"
        "    while True:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except question_limit.OutOfTime:\n"
        "            return 1\n"
        "try:\n"
        "    question_limit.within(0.05, ends_late)\n"
        "except question_limit.OutOfTime:\n"
        "    pass\n"
        "sys.setprofile(lambda *event: None)\n"
        "print(sorted([2, 1]), (lambda: 'over')())\n"
    )
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, timeout=20, check=True)
    assert b"over" in ran.stdout
