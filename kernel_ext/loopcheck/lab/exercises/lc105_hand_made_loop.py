"""The exercise of LC105: a test that catches code which looks for a loop that may not exist.

The lesson shows the fault in a run of two tests. Here the code is right, and the learner writes a
test that proves it: one that knows when a thread has no current loop, whatever ran before.
"""

import sys
from dataclasses import replace

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

STATEMENT = '''\
"""The monthly statement. Scripts call it, and threads of a server."""

import asyncio

RATES = {"EUR": 2, "USD": 4}


async def rate(currency):
    await asyncio.sleep(0)  # the exchange answers
    return RATES[currency]


async def total(amounts):
    rates = [await rate(currency) for currency in amounts]
    return sum(amount * rate for amount, rate in zip(amounts.values(), rates, strict=True))


def statement(amounts):
    # not on get_event_loop(): the caller may have none
    return asyncio.run(total(amounts))
'''

SKELETON = """\
from statement import statement


def test_statement():
    assert statement({"EUR": 3, "USD": 1}) == 10
"""

FILE, RIGHT = "statement.py", "asyncio.run(total(amounts))"
LOOK_UP = "asyncio.get_event_loop().run_until_complete(total(amounts))"
BY_POLICY = "asyncio.get_event_loop_policy().get_event_loop().run_until_complete(total(amounts))"
# Up to 3.13 `get_event_loop` makes a loop for the main thread. From 3.14 on, the thread has one
# only if a line like this one sets it, which people write to get the old behaviour back.
SET = "asyncio.set_event_loop(asyncio.new_event_loop())\n\nRATES = {"
GIVEN = ((FILE, "RATES = {", SET),) if sys.version_info >= (3, 14) else ()
LAST_FIRST = Run(reverse=True, planted=(*GIVEN, (FILE, RIGHT, LOOK_UP)))
# Right, too: a loop of its own, made and closed without `asyncio.run`.
RUNNER = """\
    with asyncio.Runner() as runner:
        return runner.run(total(amounts))"""
OTHER = Run(planted=((FILE, f"    return {RIGHT}", RUNNER),))
RUNNING = "cannot be called from a running event loop"


def _looks(bug: str, wrong: str) -> Requirement:
    found = notices(bug, FILE, RIGHT, wrong)
    return replace(found, run=Run(planted=(*GIVEN, (FILE, RIGHT, wrong))))


def _unnoticed(seen: Seen) -> str | None:
    return (
        "with the last test first and this change, every test still passed" if seen.green else None
    )


def _leans_on_another(seen: Seen) -> bool:
    """True if the tests notice the bug in their own order but not in reverse order."""
    return seen.planted and seen.reverse and seen.green


WRONG_TURNS = (
    WrongTurn(
        name="one call looked for",
        did=lambda seen: RUNNER in seen.bugs and not seen.green,
        answer="That statement starts a loop of its own with `asyncio.Runner`, which is right, and "
        "the test is red. Does it look for one call, in the text or with a mock? Call `statement` "
        "where there is no current loop, and look at the result.",
    ),
    WrongTurn(
        name="an async test calls it",
        did=lambda seen: any(RUNNING in words for words in seen.failures.values()),
        answer="In an async test a loop is already running, and `statement` is for callers "
        "without one. Call it where no loop runs: after a loop has ended, or in a thread.",
    ),
    WrongTurn(
        name="the text is read",
        did=lambda seen: (
            not seen.planted and any("get_event_loop" in words for words in seen.failures.values())
        ),
        answer="The test reads the source text, and is red although the code is right: the words "
        "are in a comment. Call `statement` in a thread that has no current loop instead.",
    ),
    WrongTurn(
        name="another test must run before",
        did=_leans_on_another,
        answer="Your tests notice the bug in this order, but not with the last test first. A test "
        "that depends on an earlier test proves nothing when it runs alone. Take the current loop "
        "away in the test itself, or call from a thread that never had one.",
    ),
)

EXERCISE = Exercise(
    stem="lc105_hand_made_loop",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red, in any order, when `statement` looks up the "
    "current loop instead of starting its own.",
    edits="test_statement.py",
    skeleton=SKELETON,
    frozen={FILE: STATEMENT},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="another right statement is no fault", unmet=first_not_passed, run=OTHER),
        _looks("a look-up of the current loop", LOOK_UP),
        Requirement(
            name="they notice it in reverse order, too",
            unmet=_unnoticed,
            run=LAST_FIRST,
            catches=True,
        ),
        _looks("a look-up through the policy", BY_POLICY),
        notices("an amount that is forgotten", FILE, "sum(amount", "max(amount"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "When does the main thread have a current loop? Which threads never have one?",
        "The main thread has one (on 3.14 because a line of the bug sets it), so your test passes "
        "with the bug too. Each `asyncio.run` takes it away. A new thread starts without one.",
        "Take the loop away first: `asyncio.run(…)` leaves none behind. Then the call. Or call it "
        "in another thread: `with ThreadPoolExecutor() as pool: assert pool.submit(…).result() == "
        "10`",
    ),
    learned="You can say when a thread has a current loop, and test code that must not need one.",
)
