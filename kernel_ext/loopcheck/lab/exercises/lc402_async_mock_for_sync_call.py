"""The exercise of LC402: an office for lost things whose one test is green with any ledger.

The lesson mocks a pool and a row. Here three plain calls of one mock return coroutines: in a
condition, as a number that the function returns, and on a line of its own.
"""

from loopcheck.lab.exercise import Exercise, Requirement, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

LEDGER = '''\
"""The ledger of the office. The real one is a book behind a counter."""


class Ledger:
    def has_room(self):
        raise OSError("no book here")

    def next_number(self):
        raise OSError("no book here")

    def add(self, number, thing):
        raise OSError("no book here")

    async def commit(self):
        raise OSError("no book here")
'''

OFFICE = '''\
"""An office for lost things: what is handed in gets a number."""


async def hand_in(ledger, thing):
    if not ledger.has_room():
        return None
    number = ledger.next_number()
    ledger.add(number, thing)
    await ledger.commit()
    return number
'''

SKELETON = """\
from unittest.mock import AsyncMock

import office
import pytest
from ledger import Ledger

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ledger():
    return AsyncMock()


async def test_an_umbrella_is_handed_in(ledger):
    ledger.has_room.return_value = True
    assert await office.hand_in(ledger, "umbrella")
    ledger.add.assert_called_once()
    ledger.commit.assert_awaited_once()
"""

FILE, ASKS = "office.py", "if not ledger.has_room():"


def _dropped(seen: Seen) -> list[dict[str, str]]:
    return [one for one in seen.dropped if "_execute_mock_call" in one["name"]]


def _still_dropped(seen: Seen) -> str | None:
    """Return the test in which a mocked call made a coroutine that nothing awaited."""
    if not (dropped := _dropped(seen)):
        return None
    where = f"in {dropped[0]['test']} " if dropped[0]["test"] else ""
    return f"{where}a call of the mock returned a coroutine, and nothing awaited it"


WRONG_TURNS = (
    WrongTurn(
        name="any number",
        did=lambda seen: seen.green and "    return 999" in seen.bugs,
        answer="Your tests accept whatever number the office returns. Say what `next_number` "
        "returns, and compare.",
    ),
    WrongTurn(
        name="never full",
        did=lambda seen: seen.green and "if False:" in seen.bugs,
        answer="The mock fits the office now. But your tests pass with an office that never asks "
        "for room. Let one test have a full ledger, and assert the answer, and that nothing was "
        "added.",
    ),
    WrongTurn(
        name="silenced",
        did=lambda seen: seen.green and bool(_dropped(seen)) and not seen.told,
        answer="You silenced the warning, and it was the only sign: the mock returns coroutines "
        "where the office needs an answer. It still does.",
    ),
    WrongTurn(
        name="nothing async",
        did=lambda seen: (
            not seen.planted and seen.failed_with("'await' expression", "can't be awaited")
        ),
        answer="Now `commit` of this mock is a plain call, and the office awaits it. That is "
        "LC401, the neighbour. The class tells you which call is which.",
    ),
    WrongTurn(
        name="the real ledger",
        did=lambda seen: (
            seen.failed_with("no book here") or seen.failed_with("'method' object has no")
        ),
        answer="This is the real ledger, and there is no book in a test. Use the class only as a "
        "spec: it tells the mock which of its methods are `async def`.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test drops no coroutine, and proves nothing either.",
    ),
)

EXERCISE = Exercise(
    stem="lc402_async_mock_for_sync_call",
    kind="write the test that catches the planted bug",
    task="Make every test pass, in any order, and drop no coroutine. Your tests must turn red "
    "when a full office takes more, a number is wrong, or the wrong thing is written "
    "down.",
    edits="test_office.py",
    skeleton=SKELETON,
    frozen={"ledger.py": LEDGER, FILE: OFFICE},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        Requirement(
            name="what the office calls without `await` is a plain mock", unmet=_still_dropped
        ),
        ANY_ORDER,
        notices("an `await` too many", FILE, ASKS, "if not await ledger.has_room():"),
        notices("a full office that takes more", FILE, ASKS, "if False:"),
        notices(
            "a full office that writes it down all the same",
            FILE,
            "        return None",
            "        ledger.add(ledger.next_number(), thing)\n        return None",
        ),
        notices(
            "a number for a thing that is not taken",
            FILE,
            "        return None",
            "        return ledger.next_number()",
        ),
        notices("a wrong number", FILE, "    return number", "    return 999"),
        notices("a thing that is not written down", FILE, "(number, thing)", '(number, "")'),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "The office makes four calls on its ledger: which one does it await?",
        "Only `commit`. The mock makes all four async: `has_room()` counts as true whatever you "
        "set, the number is a coroutine, and `add` never runs.",
        "`AsyncMock(spec=…)`, then set what the office reads: `ledger.next_number.return_value = "
        "7`, and assert that the function returns 7 and called `add` with `(7, …)`. A second test "
        "for a ledger without room: the answer is None, and `ledger.add.assert_not_…()`.",
    ),
    learned="You can tell when a test is green only because a coroutine counts as true.",
    seconds=6.0,
)
