"""LC208: it names the failing line and the task that was to change what the line asks for."""

from dataclasses import replace

from loopcheck.modes.tasks.lc208_premature_assert import SUPERSEDES, detect
from loopcheck.records import Evidence, LoopRecord, Place, Premature, Subject, TestRecord

LINE = Place("test_bus.py", 31, "test_at_once")
HANDLE = Premature(
    asked="bus.seen", place=LINE, coroutine="Bus.handle", waits_at=Place("bus.py", 12, "store")
)
TEST = TestRecord(nodeid="test_bus.py::test_at_once", name="test_at_once", phase="call")


def test_the_task_and_what_it_has_yet_to_change_are_named() -> None:
    [found] = detect(Evidence(test=TEST, premature=(HANDLE,)))
    assert found.what == (
        "The task `Bus.handle` has only reached bus.py:12, and has not changed `bus.seen` yet."
    )
    assert (found.where, found.certainty) == (LINE, "likely")
    assert found.fix.startswith("Before test_bus.py:31, wait for the task `Bus.handle`")


def test_a_task_that_is_asked_for_itself_is_said_to_be_under_way() -> None:
    [found] = detect(Evidence(premature=(replace(HANDLE, asked="task", itself=True),)))
    assert found.what.endswith("has only reached bus.py:12, and is not done yet.")


def test_one_that_has_not_begun_is_said_to_have_not() -> None:
    [found] = detect(Evidence(premature=(replace(HANDLE, started=False, waits_at=None),)))
    assert found.what.startswith("The task `Bus.handle` has not started, and")


def test_only_a_task_that_its_loop_cut_off_is_in_the_past() -> None:
    for cut_off, said in (
        (False, ("has not", "is still", "has only")),
        (True, ("had", "was", "had")),
    ):
        for one, words in zip(
            (
                replace(HANDLE, started=False, waits_at=None),
                replace(HANDLE, waits_at=None),
                HANDLE,
            ),
            said,
            strict=True,
        ):
            [found] = detect(Evidence(premature=(replace(one, cut_off=cut_off),)))
            assert found.what.startswith(f"The task `Bus.handle` {words} ")


def test_the_end_of_an_endless_task_is_not_awaited() -> None:
    endless = replace(HANDLE, endless=True)
    for one, advice in (
        (endless, "`await` an event that it sets, under"),
        (replace(endless, queue="self.jobs"), "that it sets, or `join()` of its queue `self.jobs`"),
    ):
        [found] = detect(Evidence(premature=(one,)))
        assert found.fix is not None
        assert advice in found.fix
        assert "until the task `Bus.handle` has done this" in found.fix


def test_what_held_when_it_was_asked_again_is_named_without_a_task() -> None:
    [found] = detect(Evidence(premature=(Premature(asked="bus.seen", place=LINE, held=True),)))
    assert found.what == (
        "`bus.seen` was not yet what the line asserts, and a moment later it was."
    )


def test_what_nobody_saw_hold_is_not_said_to_have_held() -> None:
    assert not list(detect(Evidence(premature=(Premature(asked="bus.seen", place=LINE),))))


def test_what_a_thread_does_is_no_turn_of_the_loop() -> None:
    [found] = detect(
        Evidence(premature=(Premature(asked="sent", place=LINE, held=True, threads=True),))
    )
    assert found.what == "`sent` was not yet what the line asserts, and a moment later it was."
    assert "in a thread" in (found.why or "")
    assert "what `run_in_executor` returned: `await` it, under" in (found.fix or "")


def test_a_callback_that_is_still_to_come_is_no_task() -> None:
    flush = Premature(asked="seen", place=LINE, coroutine="Batcher._flush", timer=True)
    [found] = detect(Evidence(premature=(flush,)))
    assert found.what == "The loop has not called `Batcher._flush` yet, which changes `seen`."
    assert found.subject == Subject(name="Batcher._flush", type="asyncio.TimerHandle")


def test_the_task_that_such_a_test_leaves_is_a_mere_symptom() -> None:
    assert {"LC201", "LC205"} == SUPERSEDES


def test_nothing_under_way_is_nothing_to_say() -> None:
    assert not list(detect(Evidence(test=TEST, failed=True)))


def test_a_task_of_another_loop_is_left_to_those_who_know_it() -> None:
    elsewhere = replace(HANDLE, loop=LoopRecord(label="loop 1", role="session loop"))
    assert not list(detect(Evidence(test=TEST, premature=(elsewhere,))))
