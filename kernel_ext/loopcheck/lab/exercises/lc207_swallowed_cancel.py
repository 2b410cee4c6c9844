"""The exercise of LC207: six workers of a brewery, and what happens to each when it is cancelled.

The lesson shows one handler. Here there is nothing to mend: a learner who can read a handler can
predict what a cancellation does there. The tests cancel each worker and compare.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

BREWERY = '''\
"""Six workers of a brewery. Each waits for work."""

import asyncio
from contextlib import suppress


async def mash(work):
    while True:
        try:
            await work.get()
        except Exception:
            print("a bad batch, on we go")


async def boil(work):
    for _ in range(3):
        try:
            await work.get()
        except:
            print("a bad batch, on we go")


async def cool(work):
    try:
        await work.get()
    except BaseException as error:
        print("cooling ends:", type(error).__name__)
        raise


async def fill(work):
    bottles = 0
    try:
        while await work.get():
            bottles += 1
    finally:
        return bottles


async def label(work):
    with suppress(asyncio.CancelledError):
        await work.get()


async def ship(work):
    lorry = asyncio.create_task(asyncio.sleep(3600))
    try:
        await work.get()
    finally:
        lorry.cancel()
        with suppress(asyncio.CancelledError):
            await lorry
'''

TESTS = """\
import asyncio

import brewery
import pytest
from diagnosis import answers


async def outcome(worker):
    task = asyncio.create_task(worker(asyncio.Queue()))
    await asyncio.sleep(0)  # now it waits for work
    task.cancel()
    await asyncio.wait([task], timeout=0.05)
    try:
        if not task.done():
            return "goes on"
        return "cancelled" if task.cancelled() else "returns"
    finally:
        while not task.done():
            task.cancel()
            await asyncio.sleep(0)


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["mash", "boil", "cool", "fill", "label", "ship"])
async def test_a_cancelled_worker(name):
    if answers[name] != await outcome(getattr(brewery, name)):
        pytest.fail(f"{name}: not {answers[name]!r}")
"""

SKELETON = """\
# What becomes of each when it is cancelled? "cancelled", or "returns", or "goes on".
answers = {
    "mash": "?",
    "boil": "?",
    "cool": "?",
    "fill": "?",
    "label": "?",
    "ship": "?",
}
"""

WRONG_TURNS = (
    WrongTurn(
        name="Exception catches all",
        did=lambda seen: seen.failed_with("mash: not 'goes on'", "mash: not 'returns'"),
        answer="`except Exception` lets a cancellation through: since Python 3.8 CancelledError "
        "is a BaseException, so handlers like this one do not catch it.",
    ),
    WrongTurn(
        name="caught is dropped",
        did=lambda seen: seen.failed_with("cool: not 'goes on'", "cool: not 'returns'"),
        answer="Catching a cancellation is fine; keeping it is not. Read on to the last line of "
        "that handler.",
    ),
    WrongTurn(
        name="a finally lets it through",
        did=lambda seen: seen.failed_with("fill: not 'cancelled'"),
        answer="A `finally` that runs to its end lets a cancellation through. This one leaves "
        "early, by `return`, and that drops the exception.",
    ),
    WrongTurn(
        name="whose cancellation",
        did=lambda seen: seen.failed_with("ship: not 'returns'", "ship: not 'goes on'"),
        answer="That `suppress` is about another task, which the worker itself has cancelled. The "
        "worker's own cancellation passes through the `finally` and goes on.",
    ),
    WrongTurn(
        name="a bare except",
        did=lambda seen: seen.failed_with("boil: not 'cancelled'", "boil: not 'returns'"),
        answer="A bare `except:` is `except BaseException:`. It catches the cancellation too, and "
        "this worker goes round its loop again.",
    ),
)

EXERCISE = Exercise(
    stem="lc207_swallowed_cancel",
    kind="diagnose only",
    task="For each of the six workers, answer what happens when it is cancelled, so that every"
    " test passes.",
    edits="diagnosis.py",
    skeleton=SKELETON,
    frozen={"brewery.py": BREWERY, "test_brewery.py": TESTS},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a handler that catches less", "brewery.py", "except:", "except Exception:"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Put CancelledError, which is a BaseException, where each worker awaits its work.",
        "Which block catches it there? If one does: does it end with `raise`? If nothing raises "
        "it again, check whether the worker then ends or goes round a loop.",
        "Three are cancelled: one whose handler is too narrow, one that raises it again, and one "
        "whose `suppress` is about another task. Of the other three one … and two return, one of "
        "these by a `finally` that leaves early.",
    ),
    learned="You can read what a handler does to a cancellation, before you send it.",
)
