"""Which tasks may never end, so that only what they do can be awaited?"""

import ast

import pytest

from loopcheck.process.pending import next_rounds

ENDLESS = [
    "while True:\n    job = await jobs.get()\n    await save(job)",
    "while self.running:\n    await self.beat()",
    "while not stop.is_set():\n    await asyncio.wait_for(stop.wait(), 1)",
    "async for message in stream:\n    seen.append(message)",
]
ENDING = [
    "while items:\n    await save(items.pop())",
    "while count < 3:\n    count += 1\n    await save(count)",
    "for item in items:\n    await save(item)",
]


@pytest.mark.parametrize("body", ENDLESS)
def test_a_loop_that_only_something_else_ends_is_endless(body: str) -> None:
    [loop] = ast.parse(body).body
    assert isinstance(loop, ast.While | ast.AsyncFor)
    assert next_rounds.may_never_end(loop)


@pytest.mark.parametrize("body", ENDING)
def test_a_loop_that_works_on_what_it_checks_ends(body: str) -> None:
    [loop] = ast.parse(body).body
    assert not (isinstance(loop, ast.While | ast.AsyncFor) and next_rounds.may_never_end(loop))


@pytest.mark.parametrize(
    ("rest", "queue"),
    [
        ("await save(job)\n    app[JOBS].task_done()", "app[JOBS]"),
        ("app[JOBS].task_done()\n    await save(job)", None),  # join() ends before the work
        ("await save(job)", None),  # join() never ends
        ("await save(job)\n    other.task_done()", None),
    ],
)
def test_a_queue_is_joined_only_if_the_work_is_over_then(rest: str, queue: str | None) -> None:
    [loop] = ast.parse(f"while True:\n    job = await app[JOBS].get()\n    {rest}").body
    assert isinstance(loop, ast.While)
    assert next_rounds.joined_queue(loop) == queue
