"""Tasks that a test on a wider loop leaves to later tests, kept until it is clear how they end.

There is no finding when the test ends: a wider fixture may still end the tasks, or they may end
without help.
"""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Collection, Iterator, Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import Any, cast

from loopcheck.case import finished_test_evidence
from loopcheck.case.seen_leftovers import Left
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import futures, object_names, reach
from loopcheck.process.waiting import await_chain, parent_tasks, shared_waits
from loopcheck.records import LeakedTask
from loopcheck.runner import fixtures, loop_scopes
from loopcheck.watch import loop_leaks
from loopcheck.watch import tasks as sites
from loopcheck.watch.loops import LEDGER


class Outlived:
    """The tasks that tests have left so far: numbers, code and weak references."""

    def __init__(self) -> None:
        self.seen: weakref.WeakSet[Any] = weakref.WeakSet()  # from before, or by wide fixtures
        self.left: dict[int, Left] = {}  # by the task's id
        self.waits: dict[int, weakref.ref[Any]] = {}  # what each waited for when a test began

    def begin(self) -> None:
        """Forget the tasks that have ended: the tests in which they ended have reported them."""
        for key, left in list(self.left.items()):
            task = left.ref()
            if task is None or (task.done() and not task._log_traceback):
                del self.left[key]
        tasks = [(key, left.ref()) for key, left in self.left.items()]
        waits = {key: futures.waiter(task) for key, task in tasks}
        self.waits = {key: weakref.ref(one) for key, one in waits.items() if one is not None}

    def fixture_up(self, item: Any, before: Collection[int]) -> None:
        """Credit tasks to a wider fixture just set up, except those with ids in *before*."""
        self.seen.update(task for task in pending(item) if id(task) not in before)

    def over(self, item: Any, number: int) -> None:
        """Look at a test's end, when its own fixtures are torn down and wider ones are alive."""
        loop = fixtures.runners(item).get(str(loop_scopes.of_test(item)))
        tasks = [task for task in pending(item) if task.get_loop() is loop]
        new = [task for task in tasks if task not in self.seen]
        if not new:
            return
        older = [task for task in tasks if task in self.seen]
        self.seen.update(new)
        made = LEDGER.find(loop)
        if made is None:
            return
        mine = {id(task): task for task in _own(new, older, item, self.left)}
        for entry in loop_leaks.read(tasks, made) if mine else ():
            task = mine.get(entry.task)
            if task is not None and not entry.cancelling:
                self.left[entry.task] = Left(weakref.ref(task), number, entry)

    def find(self, task: int, coroutine: str | None) -> Left | None:
        """Return the record of the task with that id; a newer task may have the same address."""
        left = self.left.get(task)
        return left if left is not None and left.entry.code.co_qualname == coroutine else None

    def explain(
        self, error: BaseException, item: Any, tests: Sequence[str], failed: Collection[str]
    ) -> Iterator[tuple[Left, str]]:
        """Yield earlier tests' tasks that may have taken what *item* lacks, and the name of that.

        A failed test's tasks are not blamed, unless an earlier test that passed left the same.
        """
        loop = fixtures.runners(item).get(str(loop_scopes.of_test(item)))
        passed = [one for one in self.left.values() if tests[one.test - 1] not in failed]
        guilty = {one.entry.code: one for one in reversed(passed)}
        for key, left in list(self.left.items()):
            task = left.ref()
            first = guilty.get(left.entry.code)
            if first is None or task is None or task.done() or task.get_loop() is not loop:
                continue
            if left.test < len(tests) and self._woke(key, task):
                started = [one for one in pending(item) if one not in self.seen]
                name = shared_waits.taken(error, task, started)
                if name is not None:
                    yield first, name
                    del guilty[left.entry.code]

    def _woke(self, key: int, task: Any) -> bool:
        """Return whether *task* ran on since this test began: otherwise it has taken nothing."""
        before = self.waits.get(key)
        return before is None or before() is not futures.waiter(task)


def pending(item: Any) -> list[Any]:
    """Return all pending tasks, including those on loops that only *item* knows."""
    loops = LEDGER.loops(fixtures.runners(item).values())
    found = {id(task): task for loop in loops for task in loop_leaks.of_loop(loop)}
    return [task for task in found.values() if not task.done()]


def _own(new: list[Any], older: list[Any], item: Any, left: Collection[int]) -> Iterator[Any]:
    """Yield those *new* user tasks that the test, and nothing wider, has started and holds."""
    users = [task for task in new if _users(task) and not _awaited(task)]
    if not users:
        return
    said = {name for task in older for name in _said(task)}
    alone = [task for task in users if _code(task).co_name not in said]
    held = _held(item, [one for one in older if id(one) not in left]) if alone else set()
    yield from (task for task in alone if id(task) not in held)


def _users(task: Any) -> bool:
    coro = futures.coroutine(task)
    if type(coro) is not CoroutineType:
        return False
    return await_chain.owner(coro.cr_code) == "user" or sites.started_by_user(task)


def _code(task: Any) -> CodeType:
    return cast("CodeType", futures.coroutine(task).cr_code)


def _awaited(task: Any) -> bool:
    try:
        return parent_tasks.parent(task) is not None
    except RuntimeError:  # anyio knows it by a number only, and needs a running loop to find it
        return True


def _said(task: Any) -> Iterator[str]:
    """Yield the names in the code of *task*: a coroutine among them was started by it."""
    for frame in await_chain.frames(futures.coroutine(task)):
        yield from frame.f_code.co_names


def _held(item: Any, older: list[Any]) -> set[int]:
    """Return the ids of tasks that wider fixtures, their tasks and modules hold, and may end.

    The search does not follow the waiters that a queue or a connection keeps.
    """
    wide = [root for root in fixtures.roots(item) if root.wide]
    roots = [(root.name, root.value) for root in (*wide, *object_names.other_globals(()))]
    roots += [("", one) for one in _suspended(item)]
    for task in older:
        roots += [("", gc.get_referents(one)) for one in await_chain.chain(task.get_coro())[0]]
    return {id(found.thing) for found in reach.reach(roots, (asyncio.Future,))}


def _suspended(item: Any) -> Iterator[object]:
    """Yield what wider live fixtures hold in their own variables."""
    for name, definition in fixtures.definitions(item).items():
        if definition.scope != "function":
            ends = list(getattr(definition, "_finalizers", ()))
            for found in reach.reach([(name, ends)], (GeneratorType, AsyncGeneratorType)):
                yield gc.get_referents(found.thing)


def record(left: Left, tests: Sequence[str], labels: Labels, shared: str) -> LeakedTask:
    """Return the record of *left*, with what it *shared* with a test that failed."""
    found = finished_test_evidence.leaked(left.entry, labels)
    return replace(found, left_by=labels.node(tests[left.test - 1]), shared=shared)
