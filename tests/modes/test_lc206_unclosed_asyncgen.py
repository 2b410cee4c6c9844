"""LC206: it names the line that left a generator with something to clean up, and no other."""

from dataclasses import replace

from loopcheck.modes.tasks.lc206_unclosed_asyncgen import SUPERSEDES, detect
from loopcheck.modes.tasks.lc206_unclosed_asyncgen.evidence import (
    RunningGenerator,
    find_running_generator,
)
from loopcheck.records import ErrorRecord, Evidence, LeftGenerator, Place, TestRecord

LEFT = Place("shop/db.py", 21, "first")
ROWS = LeftGenerator(
    name="Pool.rows",
    place=Place("shop/db.py", 9, "rows"),
    how="collected",
    cleans_up=True,
    cut_short=True,
    left_at=LEFT,
    by="return",
)
TEST = TestRecord(nodeid="test_db.py::test_first", name="test_first", phase="call")


def test_the_generator_its_yield_and_who_left_it_are_named() -> None:
    [found] = detect(Evidence(test=TEST, generators=(ROWS,)))
    assert found.what == (
        "The async generator `Pool.rows` stayed at its `yield` (shop/db.py:9) when the"
        " `return` left the `async for` at shop/db.py:21."
    )
    assert (found.where, found.used_at, found.certainty) == (LEFT, ROWS.place, "certain")
    assert "contextlib.aclosing(rows(…))" in found.fix


def test_what_holds_the_thing_that_user_code_refuses_is_likely_the_cause() -> None:
    at = Place("shop/pool.py", 16, "take")
    refused = replace(ROWS, asserted=True, refused_at=at)
    [found] = detect(Evidence(generators=(refused,), failed=True))
    assert found.certainty == "likely"
    assert "The error at shop/pool.py:16 depends on what its clean-up changes" in found.why


def test_a_clean_up_that_came_late_is_likely_to_matter() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, cut_short=False),)))
    assert found.certainty == "likely"
    assert found.why.endswith("Its clean-up ran later, in another task.")


def test_one_that_was_left_with_the_one_around_it_is_fixed_in_both() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, through="decoded"),)))
    assert "over `decoded` at shop/db.py:21" in found.what
    assert "aclosing(decoded(…))" in found.fix
    assert found.fix.endswith("do the same in `decoded`.")


def test_steps_by_hand_ask_for_a_close() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, by="anext"),)))
    assert "after a single step, and nothing closed it" in found.what
    assert "`await` its `aclose()`" in found.fix


def test_a_failure_is_explained_only_by_what_it_asks_for() -> None:
    assert not list(detect(Evidence(generators=(ROWS,), failed=True)))
    [found] = detect(Evidence(generators=(replace(ROWS, asserted=True),), failed=True))
    assert (found.certainty, "LC208" in SUPERSEDES) == ("likely", True)


def test_what_holds_nothing_or_is_a_librarys_or_was_left_by_nobody_is_left_alone() -> None:
    for harmless in (
        replace(ROWS, cleans_up=False),
        replace(ROWS, owner="library"),
        replace(ROWS, left_at=None, by=None),
    ):
        assert not list(detect(Evidence(generators=(harmless,))))


RUNS = ErrorRecord(
    type="RuntimeError",
    message="aclose(): asynchronous generator is already running",
    module="shop.feed",
    function="stop",
    raised="await",
    owner="user",
)
RUNNING = RunningGenerator(
    name="Feed.read",
    said="self.messages",
    asked="aclose",
    used_at=Place("shop/feed.py", 30, "stop"),
    task="Feed.work",
    waits_at=Place("shop/feed.py", 20, "work"),
    inside=Place("shop/feed.py", 14, "read"),
)


def test_a_generator_that_another_task_runs_is_closed_after_that_task() -> None:
    [found] = detect(Evidence.knowing({find_running_generator: RUNNING}, errors=(RUNS,)))
    assert (found.where, found.certainty) == (RUNNING.used_at, "certain")
    assert found.what == (
        "shop/feed.py:30 closes `self.messages` while the task `Feed.work` at shop/feed.py:20 is"
        " inside of `Feed.read`, which waits at shop/feed.py:14."
    )
    assert "cancel the task `Feed.work` and await it" in found.fix


def test_two_readers_need_two_generators() -> None:
    seen = replace(RUNNING, asked="anext")
    [found] = detect(Evidence.knowing({find_running_generator: seen}, errors=(RUNS,)))
    assert "a generator of its own" in found.fix


def test_another_error_asks_for_no_running_generator() -> None:
    other = replace(RUNS, message="the film is already running")
    assert not list(detect(Evidence.knowing({find_running_generator: RUNNING}, errors=(other,))))
