"""LC205: it names the task that failed unasked and the call that started it."""

from dataclasses import replace

from loopcheck.modes.tasks.lc205_lost_exception import detect
from loopcheck.records import ErrorRecord, Evidence, LostException, Place

STARTED, RAISED = Place("shop/feed.py", 10, "consume"), Place("shop/feed.py", 13, "consume")
LOST = LostException(
    type="builtins.KeyError",
    message="user_id",
    said="Task exception was never retrieved",
    place=RAISED,
    coroutine="Consumer.consume",
    started_at=STARTED,
)
CALLBACK = replace(LOST, coroutine=None, started_at=None, callback="test_it.<locals>.tick")


def test_the_task_its_start_and_the_line_that_raised_are_named() -> None:
    [found] = detect(Evidence(lost=(LOST,)))
    assert found.what == (
        "The task `Consumer.consume` raised KeyError at shop/feed.py:13, and nothing read it."
    )
    assert (found.where, found.used_at) == (STARTED, RAISED)
    assert found.fix.startswith("Keep a reference to the task that is started at shop/feed.py:10")


def test_a_task_that_its_start_keeps_only_needs_to_be_read() -> None:
    [found] = detect(Evidence(lost=(replace(LOST, referenced=True),)))
    assert "Keep a reference" not in str(found.fix)
    assert "or call its `result()` once it is done" in str(found.fix)


def test_a_start_that_is_not_known_leaves_the_line_that_raised() -> None:
    [found] = detect(Evidence(lost=(replace(LOST, started_at=None),)))
    assert found.where == RAISED


def test_a_callback_is_called_one() -> None:
    [found] = detect(Evidence(lost=(CALLBACK,)))
    assert found.what.startswith("The callback `tick` raised KeyError")
    assert "`await`" not in found.fix.replace("awaits", "")


def test_a_test_that_failed_before_it_could_ask_is_left_alone() -> None:
    for one in (replace(LOST, kept=True), replace(LOST, started_at=None), CALLBACK):
        assert not list(detect(Evidence(lost=(one,), failed=True)))
    assert list(detect(Evidence(lost=(LOST,), failed=True)))


def test_a_callback_that_raises_itself_is_named_in_a_test_that_fails() -> None:
    own = replace(CALLBACK, place=replace(RAISED, name="tick"))
    assert list(detect(Evidence(lost=(own,), failed=True)))
    met = ErrorRecord(
        type="KeyError",
        message="user_id",
        module="shop.feed",
        function="consume",
        raised="raise",
        owner="user",
    )
    assert not list(detect(Evidence(lost=(own,), failed=True, errors=(met,))))


def test_a_librarys_own_exception_is_left_alone() -> None:
    assert not list(detect(Evidence(lost=(replace(LOST, place=None),))))


def test_a_generator_that_cannot_close_is_left_to_lc206() -> None:
    said = "an error occurred during closing of asynchronous generator <async_generator>"
    assert not list(detect(Evidence(lost=(replace(LOST, said=said),))))
