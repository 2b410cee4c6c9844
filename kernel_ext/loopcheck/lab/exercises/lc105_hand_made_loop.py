"""The exercise of LC105: a test that catches code which asks for a loop that may not be there.

The lesson shows the fault in a run of two tests. Here the code is right, and a test is wanted that
says so: one that knows when a thread has no current loop, whatever ran before it.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

STATEMENT = '''\
"""The monthly statement. It is asked for by scripts, and by threads of a server."""

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
LAST_FIRST = Run(reverse=True, planted=((FILE, RIGHT, LOOK_UP),))
RUNNING = "cannot be called from a running event loop"


def _unnoticed(seen: Seen) -> str | None:
    return "with the last test first, every test still passed" if seen.green else None


def _leans_on_another(seen: Seen) -> bool:
    """Whether tests that noticed the bug in their own order did not in the other."""
    return seen.planted and seen.reverse and seen.green


WRONG_TURNS = (
    WrongTurn(
        name="an async test calls it",
        did=lambda seen: any(RUNNING in words for words in seen.failures.values()),
        answer="In an async test a loop runs already, and `statement` is for callers without one. "
        "Call it where no loop runs: after one has ended, or in a thread.",
    ),
    WrongTurn(
        name="the text is read",
        did=lambda seen: (
            not seen.planted and any("get_event_loop" in words for words in seen.failures.values())
        ),
        answer="The test reads the code, and is red although the code is right: the words stand in "
        "a comment. Let it call `statement` in a thread that has no current loop.",
    ),
    WrongTurn(
        name="another test must run before",
        did=_leans_on_another,
        answer="It is noticed in this order, and not with the last test first. A test that needs "
        "another one to run before it says nothing when it runs alone: let it take the current "
        "loop away itself, or call from a thread that never had one.",
    ),
)

EXERCISE = Exercise(
    stem="lc105_hand_made_loop",
    kind="write the test that catches the planted bug",
    task="The tests pass, and turn red, in any order, when `statement` looks for the current loop "
    "instead of bringing its own.",
    edits="test_statement.py",
    skeleton=SKELETON,
    frozen={FILE: STATEMENT},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a look-up of the current loop", FILE, RIGHT, LOOK_UP),
        Requirement(name="they notice it in any order", unmet=_unnoticed, run=LAST_FIRST),
        notices("a look-up through the policy", FILE, RIGHT, BY_POLICY),
        notices("an amount that is forgotten", FILE, "sum(amount", "max(amount"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Ask when the main thread has a current loop, and which threads never have one.",
        "A fresh main thread has one, so the test you have passes with the bug too. Each "
        "`asyncio.run` takes it away at its end. A new thread has none from its start.",
        "Take it away first: `asyncio.run(asyncio.sleep(0))`, then the call. Or call it "
        "elsewhere: `with ThreadPoolExecutor() as pool: assert pool.submit(…).result() == 10`",
    ),
    learned="You can say when a thread has a current loop, and test code that must not need one.",
)
