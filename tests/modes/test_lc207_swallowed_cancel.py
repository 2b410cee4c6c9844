"""LC207: it names what dropped a cancellation that somebody counted on, and no idiom of ending."""

from dataclasses import replace

import pytest

from loopcheck.modes.tasks.lc207_swallowed_cancel import SUPERSEDES, detect
from loopcheck.records import Evidence, Place, SwallowedCancel, TestRecord

CAUGHT, WAITS = Place("inbox.py", 9, "run"), Place("inbox.py", 8, "run")
CANCEL = SwallowedCancel(
    coroutine="Inbox.run",
    caught_at=CAUGHT,
    words="except BaseException",
    how="went on",
    waits_at=WAITS,
)
LOST = replace(CANCEL, how="timeout lost")
TEST = TestRecord(nodeid="test_inbox.py::test_stop", name="test_stop", phase="call")


def test_the_handler_and_where_the_task_waits_again_are_named() -> None:
    [found] = detect(Evidence(test=TEST, cancels=(CANCEL,)))
    assert found.what == (
        "`except BaseException` at inbox.py:9 dropped the cancellation of `Inbox.run`, which"
        " waits again at inbox.py:8."
    )
    assert (found.where, found.used_at, found.certainty) == (CAUGHT, WAITS, "certain")


def test_a_bare_except_is_written_as_code() -> None:
    [found] = detect(Evidence(test=TEST, cancels=(replace(CANCEL, words="bare except"),)))
    assert found.what.startswith("A bare `except:` at inbox.py:9 dropped the cancellation")


def test_a_lost_timeout_is_said_to_be_lost() -> None:
    [found] = detect(Evidence(cancels=(LOST,)))
    assert "when a timeout ended the wait of `Inbox.run` at inbox.py:8" in found.what
    assert found.what.endswith("so no TimeoutError was raised.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("except BaseException", "catch `Exception` instead"),
        ("contextlib.suppress", "around the `await task` in the code that cancels"),
        ("return in finally", "Let the `finally` run to its end"),
    ],
)
def test_each_way_to_drop_it_has_its_own_cure(words: str, said: str) -> None:
    [found] = detect(Evidence(cancels=(replace(CANCEL, words=words),)))
    assert said in found.fix


def test_a_worker_that_ends_when_it_is_cancelled_is_left_alone_unless_a_test_minds() -> None:
    ended = replace(CANCEL, how="returned")
    assert not list(detect(Evidence(cancels=(ended,))))
    [found] = detect(Evidence(cancels=(ended,), failed=True))
    assert found.certainty == "likely"
    assert found.what.endswith("which then ended as if nothing had cancelled it.")


def test_a_timeout_that_the_code_around_it_does_without_is_left_alone() -> None:
    assert not list(detect(Evidence(cancels=(replace(LOST, expected=True),))))


def test_what_hangs_since_nothing_can_stop_it_is_a_symptom() -> None:
    assert {"LC203", "LC204", "LC208"} == SUPERSEDES
