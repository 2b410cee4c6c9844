"""A task that should end a wait of another loop, and never does: its own loop was stopped before.

`run_coroutine_threadsafe` and `wrap_future` link a future of one loop to a task of another, whose
end sets it. A loop that is stopped, and closed, neither ends nor cancels its tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.waiting import await_chain, waits
from loopcheck.records import LoopRecord, StrandedTask

MOST = 50  # tasks of other loops


def find_stranded(
    wait: waits.Wait,
    here: Loop,
    others: Iterable[Loop],
    labels: Labels,
    in_words: Callable[[Loop], LoopRecord],
) -> StrandedTask | None:
    """Return the task of a stopped loop whose end would end *wait*, which *here* runs."""
    running = [run.loop for run in live_loops.running()]
    for loop, tasks in live_loops.by_loop(others) if wait.end is not None else ():
        if loop is here or any(loop is one for one in running):
            continue
        left = [task for task in tasks if not futures.done(task)][:MOST]
        ending = [task for task in left if waits.brings(task, wait.end)]
        record = in_words(loop) if ending else None
        if record is not None and record.stopped_at is not None:
            one = waits.of_task(min(ending, key=futures.name))
            users = one.users()
            return StrandedTask(
                coroutine=one.name() or await_chain.name_of(futures.coroutine(one.task)),
                loop=record,
                waits_at=waits.place(users[-1], labels) if users else None,
            )
    return None
