"""The exercise of LC203: a shelf whose lock is requested by the task that already holds it.

The lesson shows a queue that is never done, because the code left something out. Here nothing is
left out: the clerk waits for a lock that he holds himself. Each remedy that only ends the wait lets
another clerk in, and a test sees it.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

SCANNER = '''\
"""The scanner at the shelf. It answers after a while, and refuses what has no name."""

import asyncio


async def scan(tool):
    await asyncio.sleep(0)
    if not tool:
        raise ValueError("nothing to scan")
'''

TESTS = """\
import asyncio

import pytest
from shelf import Shelf

pytestmark = pytest.mark.asyncio


async def test_a_tool_is_added_and_removed():
    shelf = Shelf("saw")
    await shelf.add("drill")
    await shelf.remove("saw")
    assert shelf.tools == ["drill"]


async def test_two_clerks_add_at_once():
    shelf = Shelf()
    await asyncio.gather(shelf.add("saw"), shelf.add("drill"))
    assert sorted(shelf.tools) == ["drill", "saw"]


async def test_a_scan_that_fails_holds_up_nobody():
    shelf = Shelf()
    with pytest.raises(ValueError):
        await shelf.add("")
    async with asyncio.timeout(0.5):
        await shelf.add("saw")
    assert shelf.tools == ["saw"]


async def test_a_tool_is_swapped():
    shelf = Shelf("saw", "drill")
    async with asyncio.timeout(0.5):
        await shelf.swap("saw", "plane")
    assert sorted(shelf.tools) == ["drill", "plane"]


async def test_no_clerk_sees_the_gap():
    shelf, seen = Shelf("saw"), []
    swap = asyncio.create_task(shelf.swap("saw", "plane"))
    async with asyncio.timeout(0.5):
        while not swap.done():
            await asyncio.sleep(0)
            seen.append(await shelf.count())
    assert set(seen) == {1}
"""

SKELETON = '''\
"""A shelf of a tool library: many clerks, one shelf."""

import asyncio

from scanner import scan


class Shelf:
    def __init__(self, *tools):
        self.tools = list(tools)
        self.lock = asyncio.Lock()  # one clerk at a time

    async def count(self):
        async with self.lock:
            return len(self.tools)

    async def add(self, tool):
        async with self.lock:
            tools = [*self.tools, tool]
            await scan(tool)
            self.tools = tools

    async def remove(self, tool):
        async with self.lock:
            tools = [one for one in self.tools if one != tool]
            await scan(tool)
            self.tools = tools

    async def swap(self, old, new):
        async with self.lock:  # nobody may see the gap
            await self.remove(old)
            await self.add(new)
'''

SWAP, GAP = "test_a_tool_is_swapped", "test_no_clerk_sees_the_gap"
CLERKS, SCAN = "test_two_clerks_add_at_once", "test_a_scan_that_fails_holds_up_nobody"
TESTS_WAIT = 0.45  # seconds: a test that waits in vain gives up after half a second
UNCHANGED = "assert ['drill', 'saw'] =="
SLOW = Run(planted=(("scanner.py", "asyncio.sleep(0)", "asyncio.sleep(0.02)"),))
REFUSED, CANCELLED = "test_a_refused_swap", "test_a_cancelled_swap"
SWAP_REFUSED = Run(
    planted=(
        ("test_shelf.py", SCAN, REFUSED),
        ("test_shelf.py", 'await shelf.add("")', 'await shelf.swap("pen", "")'),
    )
)
SWAP_CANCELLED = Run(
    planted=(
        ("scanner.py", "asyncio.sleep(0)", 'asyncio.sleep(0.2 if tool in ("pen", "ink") else 0)'),
        ("test_shelf.py", SCAN, CANCELLED),
        (
            "test_shelf.py",
            'with pytest.raises(ValueError):\n        await shelf.add("")',
            'swap = asyncio.create_task(shelf.swap("pen", "ink"))\n'
            "    await asyncio.sleep(0.05)\n"
            "    swap.cancel()\n"
            "    await asyncio.wait([swap])\n"
            "    shelf.tools = []",
        ),
    )
)
SWAP_IS_FIRST = Run(
    planted=(
        ("scanner.py", "asyncio.sleep(0)", 'asyncio.sleep(0.15 if tool == "saw" else 0.03)'),
        (
            "test_shelf.py",
            'shelf = Shelf()\n    await asyncio.gather(shelf.add("saw"), shelf.add("drill"))',
            'shelf = Shelf("pen")\n'
            '    await asyncio.gather(shelf.swap("pen", "drill"), shelf.add("saw"))',
        ),
    )
)
SWAP_WAITS = Run(
    planted=(
        ("scanner.py", "asyncio.sleep(0)", "asyncio.sleep(0.12)"),
        (
            "test_shelf.py",
            'shelf = Shelf()\n    await asyncio.gather(shelf.add("saw"), shelf.add("drill"))',
            'shelf = Shelf("pen")\n'
            '    await asyncio.gather(shelf.add("saw"), shelf.swap("pen", "drill"))',
        ),
    )
)


def _swap_lost(seen: Seen) -> str | None:
    """Return what became of a swap while another clerk was adding a tool."""
    if seen.outcomes.get(CLERKS) == "passed":
        return None
    return f"a swap while another clerk added a tool: {seen.failures.get(CLERKS, '?')}"


def _assertion(seen: Seen, test: str) -> bool:
    """True if *test* reached its assertion and failed there."""
    return seen.failures.get(test, "").startswith(("assert", "AssertionError"))


def _gap_seen(seen: Seen) -> bool:
    return _assertion(seen, GAP) and not _assertion(seen, SWAP)


WRONG_TURNS = (
    WrongTurn(
        name="a timeout of its own",
        did=lambda seen: (
            "TimeoutError" in seen.failures.get(SWAP, "") and 0 < seen.longest < TESTS_WAIT
        ),
        answer="A timeout ended the wait before the test lost its patience, and the swap raised "
        "it. Nothing was swapped: a timeout doesn't free the lock. The task that waits for it "
        "still holds it itself.",
    ),
    WrongTurn(
        name="the wait given up",
        did=lambda seen: _assertion(seen, SWAP) and UNCHANGED in seen.failures[SWAP],
        answer="The swap ends now, and nothing was swapped. A timeout ends the wait, it doesn't "
        "free the lock: the task that waits for the lock still holds it.",
    ),
    WrongTurn(
        name="the lock left out",
        did=lambda seen: (
            _assertion(seen, CLERKS) and not {one[2] for one in SWAP_WAITS.planted} & {*seen.bugs}
        ),
        answer="A clerk read the shelf and waited for the scanner. Meanwhile another one changed "
        "the shelf, and the first wrote back the old list. Each method that changes the shelf "
        "must hold the lock from reading to writing.",
    ),
    WrongTurn(
        name="a lock of the thread",
        did=lambda seen: _gap_seen(seen) and "RLock" in seen.answer,
        answer="Another task counted the shelf between the two steps of the swap. A "
        "`threading.RLock` lets in every task of the same thread.",
    ),
    WrongTurn(
        name="the gap seen",
        did=lambda seen: _gap_seen(seen) and "RLock" not in seen.answer,
        answer="Another task counted the shelf between the two steps of the swap. One task must "
        "hold the lock from the first step to the last, and no other task may take it meanwhile.",
    ),
    WrongTurn(
        name="not given back after an error",
        did=lambda seen: any(
            "TimeoutError" in seen.failures.get(test, "") for test in (SCAN, REFUSED)
        ),
        answer="When the scanner refuses a tool, the code doesn't release the lock, and the next "
        "clerk waits for ever: another hang. `async with` releases it in every case.",
    ),
    WrongTurn(
        name="not given back after a cancellation",
        did=lambda seen: "TimeoutError" in seen.failures.get(CANCELLED, ""),
        answer="When a swap is cancelled, for instance by a timeout, the code doesn't release the "
        "lock: `except Exception` does not see a cancellation. `async with` releases it in every "
        "case.",
    ),
    WrongTurn(
        name="the scanner not asked",
        did=lambda seen: "DID NOT RAISE" in seen.failures.get(REFUSED, ""),
        answer="The scanner refuses a tool without a name, and `swap` raised nothing. A swap asks "
        "the scanner, too, and lets its error through.",
    ),
)

EXERCISE = Exercise(
    stem="lc203_hang",
    kind="mend the code",
    task="Make all five tests pass, in any order, also when the scanner is slow: a swap must "
    "end, and no clerk may see the gap. One that is refused or cancelled must hold up nobody.",
    edits="shelf.py",
    skeleton=SKELETON,
    frozen={"test_shelf.py": TESTS, "scanner.py": SCANNER},
    requirements=(
        all_there(5),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="it holds when the scanner is slow", unmet=first_not_passed, run=SLOW),
        Requirement(
            name="a swap that the scanner refuses holds up nobody, and puts nothing on the shelf",
            unmet=first_not_passed,
            run=SWAP_REFUSED,
        ),
        Requirement(
            name="a swap that is cancelled holds up nobody",
            unmet=first_not_passed,
            run=SWAP_CANCELLED,
        ),
        Requirement(name="a swap waits for its turn", unmet=_swap_lost, run=SWAP_WAITS),
        Requirement(name="a clerk waits until a swap is done", unmet=_swap_lost, run=SWAP_IS_FIRST),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which task holds the lock while `swap` waits for it?",
        "`swap` takes the lock, then calls `remove`, which waits for the same lock. `swap` "
        "releases it only at its end, and first waits for `remove`. A task can't take an asyncio "
        "lock twice.",
        "Separate the work from the lock: `async def _remove(self, tool):` does what `remove` "
        "did, without the lock, and `_add` likewise. `remove` is then `async with self.lock: …`, "
        "and `swap` takes the lock once and calls …",
    ),
    learned="You can find out which task holds the lock that a test waits for, and take the lock "
    "only once.",
    seconds=6.0,  # two limits run out and are explained in the skeleton's run
)
