"""LC203: it says what is waited for and who has it, and leaves what does not wait alone."""

from dataclasses import replace

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc203_hang import detect
from loopcheck.records import (
    Died,
    Evidence,
    HandFedStream,
    HangRecord,
    Holder,
    LoopRecord,
    PartRead,
    Place,
    SpinRecord,
    StrandedTask,
    Subject,
    ThreadDelivery,
    UnguardedRelease,
    UnnotifiedChange,
    Unreleased,
    WaitRecord,
)

LOCK = Subject(name="account.lock", type="asyncio.locks.Lock")
TAKEN = Place("test_shop.py", 20, "move")
HOLDER = Holder(coroutine="test_move", place=TAKEN, waits_at=TAKEN, same=True)
SAVE = WaitRecord(
    coroutine="save",
    task="test_move",
    stack=(Place("test_shop.py", 27, "test_move"), Place("test_shop.py", 16, "save")),
    thing="lock",
    method="Lock.acquire",
    subject=LOCK,
    holders=(HOLDER,),
)
HUNG = HangRecord(proved=True, seconds=1.0, waits=(SAVE,))


def test_a_lock_that_is_taken_twice_is_said_so() -> None:
    [found] = detect(Evidence(hang=HUNG))
    assert found.what == (
        "`save` waits at test_shop.py:16 (reached through test_shop.py:27) for the lock"
        " `account.lock`, which nothing will release."
    )
    assert found.why == (
        "`test_move` has held it since test_shop.py:20, and waits for itself: asyncio's locks are"
        " not reentrant."
    )
    assert (found.certainty, found.where) == ("certain", Place("test_shop.py", 16, "save"))


def test_a_lock_that_a_waiting_task_may_hold_is_not_said_to_be_nobodys() -> None:
    untold = replace(SAVE, holders=(), maybe_taken=TAKEN)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(untold,))))
    assert found.why == (
        "Another waiting task acquires locks at test_shop.py:20: it may hold this one."
    )


def test_no_advice_for_a_condition_loses_its_notification() -> None:
    kept = Subject(name="board.changed", type="asyncio.locks.Condition")
    for method, advice in (
        ("Condition.wait", "so that it runs while this line waits: a `notify()` before the"),
        ("Condition.wait_for", "makes what `wait_for(…)` checks true, and then notifies"),
    ):
        one = replace(SAVE, thing="condition", method=method, subject=kept, holders=())
        [found] = detect(Evidence(hang=replace(HUNG, waits=(one,))))
        assert found.fix is not None
        assert advice in found.fix


def test_the_earlier_call_that_may_have_kept_a_lock_is_named() -> None:
    acquired, left = Place("shop.py", 27, "reserve"), Place("shop.py", 30, "reserve")
    kept = Unreleased(function="Shop.reserve", called_at=TAKEN, acquired_at=acquired, left_at=left)
    for one, where, said in (
        (kept, left, "acquires it at shop.py:27 and can return at shop.py:30 without a release."),
        (replace(kept, left_at=None), acquired, "at shop.py:27 and returns without a release."),
    ):
        wait = replace(SAVE, holders=(), unreleased=one)
        [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
        assert (found.where, str(found.why).endswith(said)) == (where, True)


def test_the_line_of_a_thread_that_does_not_wake_the_loop_is_named() -> None:
    line = Place("inbox.py", 12, "push")
    one = ThreadDelivery(place=line, call="self.items.put_nowait", given="item")
    for delivery, proved, certainty, said in (
        (one, True, "certain", "`loop.call_soon_threadsafe(self.items.put_nowait, item)` there"),
        (one, False, "likely", "`loop.call_soon_threadsafe(self.items.put_nowait, item)` there"),
        (replace(one, sole=False), True, "likely", "self.items.put_nowait, item"),
        (replace(one, given=None), True, "certain", "pass on `lambda *args: loop.call_soon_thr"),
        (replace(one, given=""), True, "certain", "threadsafe(self.items.put_nowait)`"),
        (replace(one, given="x" * 40), True, "certain", "put_nowait, …)`"),
    ):
        wait = replace(SAVE, thing="queue", method="Queue.get", holders=(), delivery=delivery)
        hang = replace(HUNG, proved=proved, waits=(wait,), unwoken=True)
        [found] = detect(Evidence(hang=hang))
        assert (found.where, found.certainty) == (line, certainty)
        assert said in str(found.fix)
    [unknown] = detect(Evidence(hang=replace(HUNG, unwoken=True)))
    assert unknown.where == Place("test_shop.py", 16, "save")


def test_the_change_that_notifies_nobody_is_named() -> None:
    line = Place("latch.py", 13, "count_down")
    one = UnnotifiedChange(place=line, changed="self.count", checked="self.count == 0")
    for change, certainty, said in (
        (one, "certain", "`self.count == 0` is true by now"),
        (replace(one, sole=False), "likely", "`self.count == 0` is true by now"),
        (replace(one, checked=None), "likely", "No line of the project notifies `latch.zero`."),
    ):
        kept = Subject(name="latch.zero", type="asyncio.locks.Condition")
        wait = replace(SAVE, thing="condition", subject=kept, holders=(), unnotified=change)
        [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
        assert (found.where, found.certainty) == (line, certainty)
        assert str(found.why).startswith(said)


def test_the_line_whose_release_an_error_skips_is_named() -> None:
    acquired, released = Place("shop.py", 27, "reserve"), Place("shop.py", 30, "reserve")
    one = UnguardedRelease(function="reserve", acquired_at=acquired, released_at=released)
    error = Died(coroutine="reserve", type="builtins.KeyError", place=Place("shop.py", 28))
    ended = replace(error, type="asyncio.exceptions.CancelledError")
    for kept, certainty, said in (
        (one, "likely", "an error or a cancellation between these lines skips that."),
        (
            replace(one, skipped_by=error, sure=True),
            "certain",
            "but the KeyError at shop.py:28 skipped that.",
        ),
        (
            replace(one, skipped_by=ended, sure=True),
            "certain",
            "but its cancellation skipped that.",
        ),
    ):
        wait = replace(SAVE, holders=(), unguarded=kept)
        [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
        assert (found.where, found.certainty) == (acquired, certainty)
        assert str(found.why).endswith(said)
    early = Unreleased(
        function="reserve", called_at=TAKEN, acquired_at=acquired, left_at=Place("shop.py", 29)
    )
    for left, where in ((early, early.left_at), (replace(early, raises=True), acquired)):
        wait = replace(SAVE, holders=(), unguarded=one, unreleased=left)
        [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
        assert found.where == where


def test_the_line_that_feeds_a_stream_last_is_named() -> None:
    line = Place("test_mail.py", 19, "test_greeting")
    fed, made = HandFedStream(place=line, fed=True), HandFedStream(place=line, fed=False)
    short = PartRead(size=3, start="b'abc'", short=2)
    reader = Subject(name="reader", type="asyncio.streams.StreamReader")
    for one, method, part, advice in (
        (fed, "StreamReader.readline", None, "`readline()` then returns what is left"),
        (fed, "StreamReader.read", None, "After test_mail.py:19, call `reader.feed_eof()`."),
        (fed, "StreamReader.readexactly", short, "feed 2 more bytes, or read less."),
        (fed, "StreamReader.readuntil", None, "feed what this read waits for."),
        (made, "StreamReader.read", None, "feed it what the test is to read, and then"),
        (made, "StreamReader.readline", None, "feed what this read waits for."),
    ):
        wait = replace(SAVE, thing="stream", method=method, subject=reader, holders=())
        wait = replace(wait, hand_fed=one, part_read=part)
        [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
        assert (found.where, found.certainty) == (line, "certain")
        assert advice in str(found.fix)


def test_a_plain_call_is_named_as_the_line_writes_it() -> None:
    plain = HangRecord(
        proved=True,
        blocked_at=TAKEN,
        blocked_in="threading.Condition.wait",
        called="socket.receive",
        outside=True,
    )
    [alone] = detect(Evidence(hang=plain))
    assert "waits at test_shop.py:20 for `socket.receive` to return" in alone.what
    assert alone.why == "No other thread is running that could end this call."
    assert "timeout" not in str(alone.fix)
    beside = replace(plain, others=1, beside=("`chat` waits at chat.py:29",), takes_timeout=True)
    [found] = detect(Evidence(hang=beside))
    assert found.why == (
        "The only other thread waits, too, and no timer or connection can end that: `chat` waits"
        " at chat.py:29."
    )
    assert "`timeout=1`" in str(found.fix)


def test_tasks_of_one_function_at_one_line_are_named_once() -> None:
    work = Holder(coroutine="Room.work", waits_at=Place("room.py", 24, "work"))
    queue = replace(SAVE, thing="queue", method="Queue.get", subject=None, holders=(work, work))
    [found] = detect(Evidence(hang=replace(HUNG, waits=(queue,))))
    assert str(found.why).endswith(
        " `Room.work` could, but it also waits, at room.py:24 (2 tasks)."
    )


def test_what_may_come_from_outside_is_only_likely_to_hang() -> None:
    stream = replace(SAVE, thing="stream", method="StreamReader.readline", holders=())
    [found] = detect(Evidence(hang=replace(HUNG, proved=False, waits=(stream,))))
    assert found.certainty == "likely"
    assert "may come from outside" in found.why


def test_who_only_gives_way_waits_for_nothing_from_outside() -> None:
    turn = replace(SAVE, thing="turn", method=None, subject=None, holders=())
    [found] = detect(Evidence(hang=replace(HUNG, proved=False, waits=(turn,))))
    assert found.what.startswith(
        "`save` waits at test_shop.py:16 (reached through test_shop.py:27) for its next turn"
    )
    assert "outside" not in (found.why or "")


def test_the_task_that_waits_for_another_is_not_the_cause() -> None:
    outer = WaitRecord(coroutine="test_move", task="test_move", stack=(TAKEN,), thing="task")
    [found] = detect(Evidence(hang=replace(HUNG, waits=(outer, SAVE))))
    assert found.subject == LOCK


def test_a_queue_whose_items_are_never_done_is_said_so() -> None:
    jobs = Subject(name="jobs", type="asyncio.queues.Queue")
    join = replace(SAVE, thing="queue", method="Queue.join", subject=jobs, holders=(), held_up=1)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(join,))))
    assert "for all items of the queue `jobs` to be done, which never happens." in found.what
    assert found.why.startswith("1 of its items is not marked with `task_done()`")
    assert found.fix.startswith("Call `jobs.task_done()` for each item")


def test_a_queue_that_is_full_is_said_so() -> None:
    jobs = Subject(name="jobs", type="asyncio.queues.Queue")
    put = replace(SAVE, thing="queue", method="Queue.put", subject=jobs, holders=())
    [found] = detect(Evidence(hang=replace(HUNG, waits=(put,))))
    assert "for room in the queue `jobs`, which nothing will make." in found.what


def test_a_read_to_the_end_waits_for_the_other_side_to_close() -> None:
    reader = Subject(name="reader", type="asyncio.streams.StreamReader")
    read = replace(SAVE, thing="stream", subject=reader, holders=(), to_end=True)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(read,))))
    assert "for the end of the stream `reader`, which never arrives." in found.what
    assert "until the other side closes" in found.why
    assert found.fix.startswith("Close the other side")


def test_a_stream_may_have_an_end_to_close() -> None:
    news = Subject(name="news", type="anyio.streams.memory.MemoryObjectReceiveStream")
    method = "MemoryObjectReceiveStream.receive"
    read = replace(SAVE, thing="queue", method=method, subject=news, holders=())
    [found] = detect(Evidence(hang=replace(HUNG, waits=(read,))))
    assert "or close its sending end" in found.fix


def test_another_task_that_takes_its_lock_twice_is_said_so() -> None:
    there = Place("test_shop.py", 31, "refill")
    other = replace(HOLDER, coroutine="swap", same=False, again=True, waits_at=there)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(replace(SAVE, holders=(other,)),))))
    assert "`swap` has held it since test_shop.py:20, and waits for it again at" in found.why
    assert found.fix.startswith("Acquire `account.lock` once: let `refill` run without it")
    assert found.where == there  # the line that waits here is innocent


def test_a_loop_that_goes_round_does_not_wait() -> None:
    spin = SpinRecord(loop_at=TAKEN, coroutine="move", waits_on="not done", still=True)
    [found] = diagnose(Evidence(hang=replace(HUNG, spin=spin)))
    assert found.code == "LC204"


def test_a_test_that_did_not_hang_has_no_finding() -> None:
    assert not list(detect(Evidence()))


def test_who_has_a_limit_is_not_told_to_set_one() -> None:
    event = replace(SAVE, thing="event", method="Event.wait", holders=())
    without = HangRecord(proved=True, waits=(event,))
    [found], [limited] = (
        detect(Evidence(hang=one)) for one in (without, replace(without, limited=True))
    )
    assert "asyncio.timeout" in found.fix
    assert limited.fix.endswith("A longer limit does not help.")


def test_who_lives_on_a_loop_that_stands_still_is_named() -> None:
    home = LoopRecord(label="loop 1", role="module loop of test_shop.py")
    pump = Holder(coroutine="pump", loop=home, woken=True)
    queue = replace(SAVE, thing="queue", method="Queue.get", holders=(pump,))
    [found] = detect(Evidence(hang=HangRecord(proved=True, waits=(queue,), limited=True)))
    assert "`pump` could, but it runs on loop 1 (module loop of test_shop.py)" in found.why
    assert found.fix.startswith("Run `pump` on the test's loop")


STOPPED = LoopRecord(label="loop 2", state="closed", stopped_at=Place("meter.py", 9, "close"))


def test_the_line_that_stops_the_loop_of_the_awaited_task_is_named() -> None:
    stranded = StrandedTask(
        coroutine="Meter.ask", loop=STOPPED, waits_at=Place("meter.py", 5, "ask")
    )
    wait = replace(SAVE, thing="other", holders=(), stranded=stranded)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
    assert (found.certainty, found.where) == ("certain", Place("meter.py", 9, "close"))
    assert found.what == (
        "`save` waits at test_shop.py:16 for `Meter.ask`, a task of loop 2, which meter.py:9 stops."
    )


def test_a_stopped_loop_that_is_still_open_might_run_again() -> None:
    stranded = StrandedTask(coroutine="Meter.ask", loop=replace(STOPPED, state="open"))
    wait = replace(SAVE, thing="other", holders=(), stranded=stranded)
    [found] = detect(Evidence(hang=replace(HUNG, waits=(wait,))))
    assert found.certainty == "likely"
