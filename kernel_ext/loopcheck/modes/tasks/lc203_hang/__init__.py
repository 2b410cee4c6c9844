"""LC203 hang: a test waits for something that can never arrive.

What: a lock is acquired twice, a queue has no producer, no task sets the event, two tasks wait for
      each other, a message was sent before the subscription. The run hangs without a message.
      Or a thread that it waits for is blocked, for example in a lock, or a child process, since
      nobody reads its output.
Why:  an `await` has no time limit of its own. Every task that could wake the test is waiting too,
      or has ended, and there is no timer and no connection that could wake it.
Fix:  provide what the test waits for, or start its producer, before the wait. Put a limit on each
      wait, `async with asyncio.timeout(1):`, so that the failure points at the waiting line.
      `pytest --loopcheck-hang=5` reports that line, stops that test and continues the run.
      If the test's own limit ends the wait, loopcheck reports whether anything could ever have
      arrived: if not, a longer limit does not help.
Edit: none, since what should arrive, and who should send it, is not in the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from loopcheck.modes.finding import Finding
from loopcheck.records import (
    Died,
    Endless,
    Evidence,
    FullPipe,
    HangRecord,
    Holder,
    PartRead,
    Place,
    StrandedTask,
    Subject,
    Thing,
    WaitRecord,
)

CODE, SLUG = "LC203", "hang"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "from pytest-timeout",
    "CancelledError + TimeoutError",
    "TimeoutError + asyncio.timeout(",
    "TimeoutError + wait_for(",
)

BRINGS: dict[Thing, str] = {
    "event": "set it",
    "condition": "notify it",
    "queue": "put anything into it",
    "semaphore": "release it",
    "lock": "release it",
    "barrier": "reach it",
    "stream": "send data from its other end",
    "pool": "return a connection",
}
PROCESS = "asyncio.subprocess.Process"
LIMIT = ". Put a limit on the wait: `async with asyncio.timeout(1):`."
LIMITED = ". A longer limit does not help."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the test waits for, and what should have ended the wait."""
    seen = evidence.hang
    if seen is None and evidence.errors and evidence.errors[0].type == "AssertionError":
        from loopcheck.modes.tasks.lc203_hang import left_states  # late: for its own cases

        left = evidence.ask(left_states.find_left_state)
        if left is not None:
            yield left_states.finding(left, CODE, SLUG)
    if seen is None or seen.spin is not None:  # LC204: it does not wait
        return
    if seen.outside and seen.blocked_at is not None:
        yield _stays(seen, seen.blocked_at)
    if not seen.waits:
        if seen.ran_at is not None and seen.blocked_at is None:
            yield _no_task(seen, seen.ran_at)
        return
    last = _leaf(seen.waits)
    if last.endless is not None:
        yield _never_ends(seen, last.endless)
        return
    if seen.missed is not None and seen.hidden is None:
        yield _missed(seen, last, seen.missed)
        return
    if last.stranded is not None:
        yield _stranded(seen, last, last.stranded)
        return
    for one in seen.waits:
        if one.full_pipe is not None:
            yield _full_pipe(seen, one, one.full_pipe)
            return
    if (found := _missed_wake(seen, last)) is not None:
        yield found
        return
    if last.lost_set is not None:
        yield _lost_set(seen, last, *last.lost_set)
        return
    if last.kept_lock is not None:
        yield _kept_lock(seen, last, *last.kept_lock)
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=_subject(seen, last),
        where=_hidden_at(seen) or _mended_at(last) or waiting_line(seen.waits, last) or seen.ran_at,
        made_at=last.made_at,
        what=_what(seen, last),
        why=_why(seen, last),
        fix=_fix(seen, last),
    )


def _missed_wake(seen: HangRecord, last: WaitRecord) -> Finding | None:
    """Return the finding about a line that runs and should end the wait, but wakes nothing."""
    late = next((one for one in seen.waits if one.delivery is not None), None)
    early = last.unreleased is not None and not last.unreleased.raises  # its `return` is at fault
    unguarded = last.unguarded if not early else None
    if not (late or last.unnotified or unguarded or last.hand_fed):
        return None
    from loopcheck.modes.tasks.lc203_hang import missed_wakes  # late: few waits need it

    one = late or last
    words = missed_wakes.Words(
        code=CODE,
        slug=SLUG,
        who=(users_wait(seen.waits, one) or one).coroutine,
        line=waiting_line(seen.waits, one),
        thing=thing_words(one),
        name=named(one),
        limit=LIMITED if seen.limited else ".",
    )
    if late is not None and late.delivery is not None:
        return missed_wakes.by_thread(seen, late, late.delivery, words)
    if last.unnotified is not None:
        return missed_wakes.without_notice(last, last.unnotified, words)
    if unguarded is not None:
        return missed_wakes.without_guard(seen, last, unguarded, words)
    if last.hand_fed is not None:
        return missed_wakes.without_end(seen, last, last.hand_fed, words)
    return None


def _no_task(seen: HangRecord, at: Place) -> Finding:
    """Name the line that runs a loop for a future that no task brings."""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=Subject(name=at.name or "a future", type="asyncio.Future"),
        where=at,
        what=f"`{at.name}` runs the loop at {at} for a future, which never arrives.",
        why="No task of that loop works for it. It did not arrive within the limit.",
        fix="Before this line, start the task that sets it. Or run the loop for that task.",
    )


def _stays(seen: HangRecord, at: Place) -> Finding:
    """Name the call of a test without a loop that did not return."""
    name = seen.called or seen.blocked_in
    call = f"`{name}`" if name else "a call"
    limit = (
        " Put a limit on the call, such as `timeout=1`, so that the failure points at this line."
    )
    fixture = f" in the fixture `{seen.fixture}`" if seen.fixture else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=Subject(name=name or at.name or "a call", type="blocking call"),
        where=at,
        what=f"`{at.name}` waits at {at}{fixture} for {call} to return"
        f"{', which never happens' if seen.proved else ''}.",
        why=_threads_beside(seen) if seen.proved else "It did not return within the limit.",
        fix=f"Let what ends this call happen before it.{limit if seen.takes_timeout else ''}",
    )


def _threads_beside(seen: HangRecord) -> str:
    """Return which other threads there are, and where the user's tasks in them wait."""
    if not seen.others:
        return "No other thread is running that could end this call."
    who = "The only other thread waits" if seen.others == 1 else "All other threads wait"
    where = f": {' and '.join(seen.beside[:2])}" if seen.beside else ""
    return f"{who}, too, and no timer or connection can end that{where}."


def _never_ends(seen: HangRecord, one: Endless) -> Finding:
    """Name the line that waits for the end of a task that never ends."""
    started = f" that {one.started_at} starts" if one.started_at else f" of `{one.coroutine}`"
    why = f"The `while` at {one.loop_at} only ends when its task is cancelled"
    why += ", and nothing that still runs cancels it." if seen.proved else "."
    if one.group:
        why += " The end of the `async with` block waits for all tasks that the block started."
    when = "before the block ends" if one.group else "when the rest is done, instead of waiting"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=Subject(name=one.coroutine, type="asyncio.Task"),
        where=one.started_at or one.waited_at,
        made_at=one.started_at,
        used_at=one.waited_at,
        what=f"`{one.waited_by}` waits at {one.waited_at} for the end of `{one.coroutine}`, which"
        f" loops at {one.loop_at} and never ends.",
        why=why,
        fix=f"Keep a reference to the task{started}, and `cancel()` it {when}.",
    )


def _missed(seen: HangRecord, last: WaitRecord, published: Place) -> Finding:
    """Name the line that published the message before the subscription."""
    line = waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    at = f" at {line}" if line else ""
    limit = LIMITED if seen.limited else LIMIT
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=_subject(seen, last),
        where=published,
        used_at=line,
        what=f"`{who}` waits{at} for a message, but {published} published it before the"
        " subscription.",
        why="The store delivered it to 0 subscribers, and keeps no message for later ones. This"
        " test received nothing from that channel since.",
        fix=f"Subscribe first, and run {published} after that{limit}",
    )


def _lost_set(seen: HangRecord, last: WaitRecord, cleared: Place, was_set: Place) -> Finding:
    """Name the line that cleared the event after another line had set it."""
    line = waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    at = f" at {line}" if line else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=_subject(seen, last),
        where=cleared,
        made_at=last.made_at,
        used_at=line,
        what=f"`{who}` waits{at} for the event {named(last)}, but {cleared} cleared it after"
        f" {was_set} had set it.",
        why="An event does not count: a `clear()` also removes a `set()` that nobody has waited"
        " for yet, and no other line has set it since.",
        fix=f"Remove the `clear()` at {cleared}, or clear the event where its last wait ends:"
        f" nothing may set it before that{LIMITED if seen.limited else LIMIT}",
    )


def _stranded(seen: HangRecord, last: WaitRecord, one: StrandedTask) -> Finding:
    """Name the line that stops the loop whose task should have ended the wait."""
    line = waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    closed = one.loop.state == "closed"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved and closed else "likely",
        subject=Subject(name=one.coroutine, type="asyncio.Task"),
        where=one.loop.stopped_at,
        made_at=one.loop.made_at,
        used_at=line,
        what=f"`{who}` waits{f' at {line}' if line else ''} for `{one.coroutine}`, a task of"
        f" {one.loop}, which {one.loop.stopped_at} stops.",
        why=f"A {'closed' if closed else 'stopped'} loop runs none of its tasks."
        f" `{one.coroutine}` was neither done nor cancelled"
        f"{f', but waiting at {one.waits_at}' if one.waits_at else ''}, so it sets no result.",
        fix="Before the loop stops, cancel the tasks of `asyncio.all_tasks(loop)` on that loop, and"
        " stop it only once they have ended: `gather(*tasks, return_exceptions=True)`. That"
        f" cancels this wait, too{LIMITED if seen.limited else LIMIT}",
    )


def _full_pipe(seen: HangRecord, last: WaitRecord, pipe: FullPipe) -> Finding:
    """Name the line that waits for the end of a process which waits to be read, or starts it."""
    line = waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    awaited = "the end of a child process" if pipe.at_its_end else "a child process"
    if last.subject is not None:
        awaited = f"the end of {named(last)}" if pipe.at_its_end else thing_words(last)
    fix = f"Read `{pipe.stream}` in a task beside this wait."
    if pipe.at_its_end and last.subject is not None and last.subject.type == PROCESS:
        fix = f"Await `{last.subject.name}.communicate()` there: it reads until the end."
    fix += f" Or, if nobody needs it, start the process with `{pipe.stream}=subprocess.DEVNULL`."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=_subject(seen, last),
        where=line if pipe.at_its_end else pipe.started_at or line,
        made_at=pipe.started_at,
        used_at=line,
        what=f"`{who}` waits{f' at {line}' if line else ''} for {awaited}, but the pipe of its"
        f" `{pipe.stream}` is full, and nothing reads it.",
        why="A process whose output nobody reads stops in its next write once the pipe is full. It"
        " neither ends nor does anything else until somebody reads.",
        fix=fix,
    )


def _kept_lock(seen: HangRecord, last: WaitRecord, acquired: Place, earlier: Place) -> Finding:
    """Name the line that acquires a lock which an earlier call of its function has kept."""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved else "likely",
        subject=_subject(seen, last),
        where=acquired,
        made_at=last.made_at,
        used_at=earlier,
        what=f"`{last.coroutine}` waits at {acquired} for the lock {named(last)}, which an earlier"
        f" call at {earlier} acquired there and kept.",
        why="No other line acquires it, and the earlier call returned without a release.",
        fix=f"Release {named(last)} before `{acquired.name}` returns, with `async with`. If it"
        " must stay locked, raise an error for a second call: `if lock.locked(): raise …`.",
    )


def _subject(seen: HangRecord, last: WaitRecord) -> Subject:
    if seen.cycle:
        return Subject(name=last.coroutine, type="asyncio.Task")
    return last.subject or Subject(name=last.method or last.coroutine, type=last.thing)


def _leaf(waits: Sequence[WaitRecord]) -> WaitRecord:
    """Return the wait that the others depend on, if possible one whose holders are known."""
    endless = [one for one in waits if one.endless]
    leaves = [one for one in waits if one.thing != "task"] or endless or list(waits)
    earlier = [
        one for one in leaves if one.lost_set or one.kept_lock or one.unnotified or one.unguarded
    ]
    earlier = earlier or [one for one in leaves if one.stranded]
    told = earlier or [one for one in leaves if one.holders or one.subject]
    threads = [one for one in leaves if _thread(one) is not None]
    return (threads or told or leaves)[0]


def waiting_line(waits: Sequence[WaitRecord], last: WaitRecord) -> Place | None:
    """Return the line of user code that waits: of *last*, else of the task that waits for it."""
    one = users_wait(waits, last)
    return one.stack[-1] if one is not None else None


def users_wait(waits: Sequence[WaitRecord], last: WaitRecord) -> WaitRecord | None:
    """Return the first with a line of user code: *last*, or one that waits for it, nearest first.

    A task may run only a library's coroutine.
    """
    above = waits[: [*waits].index(last)]
    return next((one for one in (last, *above[::-1]) if one.stack), None)


def _mended_at(last: WaitRecord) -> Place | None:
    """Return the line of another task or thread that is at fault, None if this wait itself is.

    There, the task that should have ended the wait failed, or a task acquires what it holds
    already, or the thread that should bring the result is blocked.
    """
    if (who := _failed(last)) is not None:
        return who.place
    if any(one.same for one in last.holders):
        return None
    if last.unreleased is not None:
        return last.unreleased.left_at or last.unreleased.acquired_at
    if last.unmarked is not None:
        return last.unmarked.left_at
    if last.cut_off is not None:
        return last.cut_off.place
    return next((one.waits_at for one in last.holders if one.again or one.threads), None)


def _hidden_at(seen: HangRecord) -> Place | None:
    """Return the line that raised the error whose clean-up waits."""
    return seen.hidden.place if seen.hidden is not None else None


def _what(seen: HangRecord, last: WaitRecord) -> str:
    if seen.cycle:
        ring = [f"`{one.coroutine}`{_at(one)}" for one in seen.waits]
        others = ", which waits for ".join([*ring[1:], f"`{seen.waits[0].coroutine}`"])
        return f"{ring[0]} waits for {others}."
    line = waiting_line(seen.waits, last) or seen.ran_at
    who = (users_wait(seen.waits, last) or last).coroutine
    over = list(dict.fromkeys(str(place) for one in seen.waits for place in one.stack))
    way = [place for place in over if place != str(line)]
    through = f" (reached through {', '.join(way)})" if way else ""
    at = f" at {line}" if line else ""
    fixture = f" in the setup of `{seen.fixture}`" if seen.fixture else ""
    return f"`{who}` waits{at}{through}{fixture} for {thing_words(last)}{_never(seen, last)}."


def _at(one: WaitRecord) -> str:
    return f" at {one.stack[-1]}" if one.stack else ""


def _never(seen: HangRecord, last: WaitRecord) -> str:
    if not seen.proved or last.thing == "turn":
        return ""
    if _thread(last) is not None:
        return " and never ends"
    if seen.unwoken:
        return ", which arrived, but nothing woke the loop"
    if _joins(last):
        return ", which never happens"
    if last.thing == "queue" and _puts(last):
        return ", which nothing will make"
    said = {
        "lock": "nothing will release",
        "semaphore": "nothing will release",
        "condition": "nothing will notify",
        "event": "nothing will set",
    }
    return f", which {said.get(last.thing, 'never arrives')}"


def thing_words(last: WaitRecord) -> str:
    """Return what is awaited, with its kind."""
    if (thread := _thread(last)) is not None:
        return f"`{thread.coroutine}`, which runs in a thread"
    name = f" `{last.subject.name}`" if last.subject else ""
    if last.thing == "turn":
        return "its next turn, over and over"
    if last.thing in ("other", "task"):
        return f"{name.strip()} in `{last.method}`" if name and last.method else _bare(last, name)
    if _joins(last):
        return f"all items of {'the' if name else 'a'} queue{name} to be done"
    part = ""
    if last.part_read is not None:
        part = f"{_missing(last.part_read)} from "
    elif last.thing == "queue":
        part = "an item of " if _takes(last) else "room in " if _puts(last) else ""
    elif last.thing == "stream":
        part = "the end of " if last.to_end else "data from "
    article = "an" if last.thing == "event" else "a"
    return f"{part}the {last.thing}{name}" if name else f"{part}{article} {last.thing}"


def _thread(last: WaitRecord) -> Holder | None:
    """Return the function in a thread whose result is awaited."""
    return next((one for one in last.holders if one.threads), None)


def _missing(part: PartRead) -> str:
    if part.missing is not None:
        return f"a `{part.missing}`"
    return f"{part.short} more byte{'' if part.short == 1 else 's'}"


def _takes(last: WaitRecord) -> bool:
    return (last.method or "").rpartition(".")[2] in ("get", "receive")


def _joins(last: WaitRecord) -> bool:
    return last.thing == "queue" and (last.method or "").endswith(".join")


def _bare(last: WaitRecord, name: str) -> str:
    return name.strip() or (f"`{last.method}`" if last.method else "a future")


def _why(seen: HangRecord, last: WaitRecord) -> str:
    return f"{_after(seen)}{_reason(seen, last)}{_dead(last)}{_cancelling(seen)}"


def _after(seen: HangRecord) -> str:
    """Return which error the wait hides: the report of the failure does not show it."""
    if seen.hidden is None:
        return ""
    hides = "" if seen.limited else ", and hides it"  # a limit's error has that one as its context
    return (
        f"The wait is part of the clean-up after the {_kind(seen.hidden)} that"
        f" `{seen.hidden.coroutine}` raised at {seen.hidden.place}{hides}. "
    )


def _kind(one: Died) -> str:
    return one.type.rpartition(".")[2]


def _failed(last: WaitRecord) -> Died | None:
    """Return what should have ended the wait and failed, unless something else may end it.

    A worker that logs the error of one order, and waits for the next one, is that worker still.
    """
    who = next(iter(last.died), None)
    if who is None or any(one.coroutine != who.coroutine for one in last.holders):
        return None
    return who if who.is_logged or not last.holders else None


def _dead(last: WaitRecord) -> str:
    """Return which tasks could have ended the wait, and where they failed."""
    failed = [
        f"`{one.coroutine}` could have, but it failed with {_kind(one)} at {one.place},"
        f" {_where_it_shows(one)}"
        for one in last.died[:2]
    ]
    return f" {'; '.join(failed)}." if failed else ""


def _where_it_shows(one: Died) -> str:
    if one.in_thread:
        return "which ended its thread"
    return "which only the log says" if one.is_logged else "unnoticed"


def _cancelling(seen: HangRecord) -> str:
    deaf = next((one for one in seen.waits if one.cancelling), None)
    return f" `{deaf.coroutine}` was cancelled, and continued." if deaf is not None else ""


def _reason(seen: HangRecord, last: WaitRecord) -> str:
    if seen.unwoken:
        return (
            "Another thread set the result directly: that schedules the waiting task, but does not"
            " wake a sleeping loop."
        )
    if seen.cycle:
        return "Each of them waits for the other to end, so none does."
    if last.thing == "turn":
        return (
            "It yields there and is rescheduled at once, over and over, for several times the"
            " limit."
        )
    thread = _thread(last)
    if thread is not None and not seen.proved:
        return f"{_stands(thread)}. The call did not end within the limit."
    if not seen.proved and seen.native:
        return (
            f"No Python code that still runs can {BRINGS.get(last.thing, 'end the wait')}. Threads"
            " without Python might, but none did within the limit."
        )
    if not seen.proved:
        return (
            "What it waits for may come from outside this process, or from a thread or timer. It"
            " did not arrive within the limit."
        )
    if thread is not None:
        return f"{_stands(thread)}, and no other thread, task or timer can end that."
    if last.thing in ("lock", "semaphore") and (said := _holders(last)):
        return said
    if last.thing == "lock" and last.maybe_taken:
        return f"Another waiting task acquires locks at {last.maybe_taken}: it may hold this one."
    if (one := last.unreleased) is not None:
        left = f"can return at {one.left_at}" if one.left_at else "returns"
        return (
            f"`{one.function}`, which {one.called_at} calls, acquires it at {one.acquired_at} and"
            f" {left} without a release."
        )
    if last.thing == "lock":
        return (
            "No running task is known to hold it: what acquired it may have ended, or returned,"
            " without a release."
        )
    others = _also_wait(last)
    if _joins(last):
        count = "Not all of its items are"
        if last.held_up:
            count = f"{last.held_up} of its items {'is' if last.held_up == 1 else 'are'} not"
        if (item := last.unmarked) is not None:
            does = "go on with the next one" if item.goes_on else "return"
            return (
                f"{count} marked with `task_done()`. `{item.function}` takes one at"
                f" {item.taken_at}, and can {does} at {item.left_at} without that."
            )
        if (cut := last.cut_off) is not None:
            return (
                f"{count} marked with `task_done()`. `{cut.coroutine}` does that, but {cut.place}"
                " has cancelled it."
            )
        return f"{count} marked with `task_done()`, and nothing that still runs does that.{others}"
    if last.thing == "queue" and _puts(last):
        return f"It is full, and nothing that still runs takes anything out of it.{others}"
    if last.thing == "pool" and last.held_up:
        return f"All of its {last.held_up} connections are in use.{others}"
    if last.to_end:
        return (
            "`read()` without a number waits until the other side closes the connection, and"
            f" nothing that still runs does that.{others}"
        )
    if last.part_read is not None:
        return f"{_came(last.part_read)}{others}"
    act = BRINGS.get(last.thing)
    if others and last.thing in ("stream", "other"):  # a connection may be there
        return f"Nothing that still runs will {act or 'send it'}.{others}"
    if act is None:
        return f"No running task, timer or connection can bring it.{others}"
    return f"No running task, timer or connection can {act}.{others}"


def _stands(thread: Holder) -> str:
    """Return where the function in a thread is."""
    call = f"`{thread.call}`" if thread.call else "a call"
    name = f" `{thread.joined}`" if thread.joined else ""
    many = f"{thread.threads} threads are" if thread.threads > 1 else f"The thread{name} is"
    return f"{many} blocked at {thread.waits_at} in {call}"


def _came(part: PartRead) -> str:
    came = f"{part.size} byte{' has' if part.size == 1 else 's have'} arrived, {part.start}"
    rest = f"the `{part.missing}`" if part.missing is not None else "the rest"
    return f"{came}, and nothing that still runs sends {rest}."


def _holders(last: WaitRecord) -> str:
    """Return which tasks hold the lock or semaphore, and where they wait."""
    own = next((one for one in last.holders if one.same), None)
    twice = "asyncio's locks are not reentrant" if last.thing == "lock" else "it is used up"
    if own is not None:
        held = f"`{own.coroutine}` has held it since {own.place}"
        return f"{held}, and waits for itself: {twice}."
    other = next((one for one in last.holders if one.again), None)
    if other is not None:
        held = f"`{other.coroutine}` has held it since {other.place}"
        return f"{held}, and waits for it again at {other.waits_at}: {twice}."
    if any(one.place for one in last.holders):
        held = "; ".join(
            f"`{one.coroutine}` has held it since {one.place}, and waits at {one.waits_at}"
            for one in last.holders[:3]
            if one.place
        )
        return f"{held}."
    return ""


def _also_wait(last: WaitRecord) -> str:
    """Return a sentence about the tasks that could end the wait, and wait themselves."""
    logged = {one.coroutine for one in last.died if one.is_logged}  # another sentence has those
    holders = [one for one in last.holders if one.coroutine not in logged]
    alike = Counter(_waits_too(one, last) for one in holders)
    others = "; ".join(
        said if count == 1 else f"{said} ({count} tasks)" for said, count in [*alike.items()][:3]
    )
    return f" {others}." if others else ""


def _waits_too(one: Holder, last: WaitRecord) -> str:
    """Return the same words for tasks of one function at one line."""
    if one.loop is not None:
        return f"`{one.coroutine}` could, but it runs on {one.loop}, which does not run meanwhile"
    if last.thing in ("stream", "other"):
        return f"`{one.coroutine}` waits too, at {one.waits_at}, and sends nothing meanwhile"
    return f"`{one.coroutine}` could, but it also waits, at {one.waits_at}"


def _fix(seen: HangRecord, last: WaitRecord) -> str:
    name = named(last)
    if seen.hidden is not None:
        return f"Fix the failure at {seen.hidden.place}{LIMITED if seen.limited else LIMIT}"
    if seen.unwoken:
        return (
            "Call `set_result(…)`, `set()` or `put_nowait(…)` through the loop from the other"
            " thread: `loop.call_soon_threadsafe(future.set_result, value)`."
        )
    if seen.cycle:
        return "Break the cycle at one of these lines, so that one can end without the other."
    if (thread := _thread(last)) is not None:
        full = (
            " Once all threads of a pool are blocked, other code that needs one of them gets none."
        )
        return (
            "Let what ends this call happen before it, or outside this pool of threads."
            + (" Put a limit on the call, such as `timeout=1`." if thread.takes_timeout else "")
            + (full if thread.threads > 1 else "")
        )
    if (again := _takes_again(last)) is not None:
        return (
            f"Acquire {name} once: let `{again}` run without it if its caller holds it, or release"
            " it in the caller first."
        )
    if (who := _failed(last)) is not None:
        do = f"Fix the failure at {who.place}"
        if who.on_purpose:
            do = f"Handle the {_kind(who)} at {who.place}: the test's own code raises it there"
        if who.is_logged:
            return f"{do}. Let `{who.coroutine}` end the wait also when it fails."
        if who.in_thread:
            return (
                f"{do}. Also catch what `{who.coroutine}` raises, and pass it on to the wait: an"
                " error that ends a thread reaches no other code."
            )
        return (
            f"{do}. Also await the task of `{who.coroutine}`, or start"
            " it in an `asyncio.TaskGroup`, so that its error reaches the test at once."
        )
    if last.thing == "lock" and any(one.place for one in last.holders):
        return (
            f"Acquire the locks in the same order everywhere, or release {name} before waiting for"
            " another."
        )
    away = next((one for one in last.holders if one.loop), None)
    if away is not None:
        return f"Run `{away.coroutine}` on the test's loop, or the test on its loop."
    return f"{_bring(seen, last)}{LIMITED if seen.limited else LIMIT}"


def named(last: WaitRecord) -> str:
    """Return the name of what is awaited."""
    return f"`{last.subject.name}`" if last.subject else "what it waits for"


def _takes_again(last: WaitRecord) -> str | None:
    """Return the function that acquires what its task holds already."""
    if any(one.same for one in last.holders):
        return last.coroutine
    return next((one.waits_at.name for one in last.holders if one.again and one.waits_at), None)


def _bring(seen: HangRecord, last: WaitRecord) -> str:
    """Return what to do so that the wait ends."""
    name = named(last)
    if last.thing == "lock" and last.maybe_taken:
        return "Acquire the locks in the same order everywhere, each of them once"
    if last.thing == "lock":
        return f"Release {name} on every path, with `async with`"
    if _joins(last) and last.cut_off is not None:
        return f"Wait for {name} first, and cancel at {last.cut_off.place} after that"
    if _joins(last):
        return f"Call `{_dotted(last)}task_done()` for each item that was taken out"
    if last.thing == "queue" and _puts(last):
        return f"Start a consumer before this line, or make {name} larger"
    if last.thing == "turn":
        return "Wait for the event itself instead of polling"
    if not seen.proved:
        return "Make sure that it arrives before the test waits for it"
    if (last.method or "").startswith("MemoryObjectReceiveStream."):
        return (
            "Send something to it, or close its sending end, as `async with` does: until then an"
            " `async for` over it waits for more"
        )
    if last.part_read is not None:
        end = last.part_read.missing
        other = f"end its message with `{end}`" if end is not None else "send all these bytes"
        return f"Let the other side {other}, or read only what it sends"
    if last.to_end:
        return (
            "Close the other side after the last write: `writer.close()` or `writer.write_eof()`."
            " Or read a known amount, with `readline()` or `readexactly(…)`"
        )
    if last.thing == "other" and last.holders:
        return "Let the other side send it before this line"
    if last.thing == "condition":
        return _notify(last)
    if last.thing in BRINGS:
        return f"Before this line, {BRINGS[last.thing]}, or start the task that does"
    return "Before this line, start the task that brings it"


def _notify(last: WaitRecord) -> str:
    """Return how a wait for a condition ends: unlike an event or a queue, it keeps nothing."""
    if (last.method or "").endswith(".wait_for"):
        return (
            "Before this line, start the task that makes what `wait_for(…)` checks true, and then"
            " notifies the condition"
        )
    lost = (
        "Start the task that notifies it so that it runs while this line waits: a `notify()` before"
        " the `wait()` is lost"
    )
    if last.subject is None or not last.subject.type.startswith("asyncio."):
        return lost  # older versions of anyio have no `wait_for`
    return f"{lost}. Or wait with `wait_for(…)`, which first checks whether it is so already"


def _puts(last: WaitRecord) -> bool:
    return (last.method or "").rpartition(".")[2] in ("put", "send")


def _dotted(last: WaitRecord) -> str:
    return f"{last.subject.name}." if last.subject else ""
