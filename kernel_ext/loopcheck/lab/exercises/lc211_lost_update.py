"""The exercise of LC211: a ferry whose seats are booked at once.

The lesson mends a total, and holds a lock where something is made once. Here a lock around the wait
would let passengers pay one after the other, so the seat has to be taken before the wait.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
    passes,
)
from loopcheck.lab.seen import Seen

BANK = '''\
"""The bank of a ferry: it charges a passenger, and needs a moment for that."""

import asyncio


class Refused(Exception):
    pass


class Bank:
    def __init__(self, *refused):
        self.refused, self.charged = refused, []
        self.at_once = self.most = 0  # how many pay now, and how many did at most

    async def charge(self, name):
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if name in self.refused:
            raise Refused(name)
        self.charged.append(name)
        return 4
'''

TESTS = """\
import asyncio

import pytest
from bank import Bank, Refused
from ferry import Ferry

pytestmark = pytest.mark.asyncio


async def test_three_pay_at_once():
    bank = Bank()
    ferry = Ferry(bank, seats=5)
    await asyncio.gather(ferry.book("ann"), ferry.book("ben"), ferry.book("cleo"))
    assert ferry.takings == 12
    assert bank.most == 3


async def test_the_last_seat():
    bank = Bank()
    ferry = Ferry(bank, seats=1)
    booked = await asyncio.gather(ferry.book("ann"), ferry.book("ben"))
    assert booked == [True, False]
    assert bank.charged == ["ann"]


async def test_a_refused_passenger_leaves_the_seat_to_others():
    ferry = Ferry(Bank("ann"), seats=1)
    with pytest.raises(Refused):
        await ferry.book("ann")
    assert await ferry.book("ben")
    assert ferry.takings == 4
"""

SKELETON = '''\
"""A ferry with a few seats."""


class Ferry:
    def __init__(self, bank, seats):
        self.bank, self.free, self.takings = bank, seats, 0

    async def book(self, name):
        if self.free == 0:
            return False
        self.takings += await self.bank.charge(name)
        self.free -= 1
        return True
'''

FILE, FARE = "bank.py", "return 4"
TOTAL, SEAT = "test_three_pay_at_once", "test_the_last_seat"
REFUSED = "test_a_refused_passenger_leaves_the_seat_to_others"


TESTED = "test_ferry.py"
GIVES_UP = Run(
    planted=(
        (
            TESTED,
            """    ferry = Ferry(Bank("ann"), seats=1)
    with pytest.raises(Refused):
        await ferry.book("ann")
""",
            """    ferry = Ferry(bank := Bank(), seats=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await ferry.book("ann")
""",
        ),
        (TESTED, "== 4\n", '== 4\n    assert bank.charged == ["ben"]\n'),
    )
)
CROWD = Run(
    planted=(
        (FILE, "sleep(0.01)", "sleep(0.01 * self.at_once)"),  # so that they end one by one
        (
            TESTED,
            """seats=1)
    booked = await asyncio.gather(ferry.book("ann"), ferry.book("ben"))
    assert booked == [True, False]
    assert bank.charged == ["ann"]
""",
            """seats=2)
    names = ("ann", "ann", "ben", "cleo")  # two passengers may have one name
    booked = await asyncio.gather(*map(ferry.book, names))
    assert booked == [True, True, False, False]
    assert (bank.charged, bank.most) == (["ann", "ann"], 2)
""",
        ),
    )
)
LAST = "    assert ferry.takings == 4\n"
MORE = Run(
    planted=(
        (
            TESTED,
            LAST,
            f"""{LAST}

class Line(Bank):
    down = True

    async def charge(self, name):
        if self.down:
            await asyncio.sleep(0)
            raise ConnectionError("no line to the bank")
        return await super().charge(name)


async def test_the_line_is_down():
    ferry = Ferry(bank := Line(), seats=1)
    with pytest.raises(ConnectionError):
        await ferry.book("ann")
    bank.down = False
    assert await ferry.book("ben")
    assert ferry.takings == 4


async def test_a_refusal_frees_one_seat():
    ferry = Ferry(Bank("ann"), seats=3)
    await asyncio.gather(ferry.book("ann"), ferry.book("ben"), return_exceptions=True)
    assert [await ferry.book(name) for name in ("cleo", "dan", "eve")] == [True, True, False]


async def test_who_finds_no_seat_takes_none():
    ferry = Ferry(Bank("ann"), seats=1)
    _, ben = await asyncio.gather(ferry.book("ann"), ferry.book("ben"), return_exceptions=True)
    assert [ben, await ferry.book("cleo")].count(True) == 1


async def test_two_passengers_have_one_name():
    ferry = Ferry(Bank(), seats=2)
    await asyncio.gather(ferry.book("ann"), ferry.book("ann"))
    assert ferry.takings == 8


async def test_two_ferries_have_one_bank():
    red, blue = Ferry(bank := Bank(), seats=1), Ferry(bank, seats=1)
    assert await asyncio.gather(red.book("ann"), blue.book("ben")) == [True, True]
    assert (red.takings, blue.takings) == (4, 4)


async def test_five_pay_at_once():
    ferry = Ferry(bank := Bank(), seats=5)
    await asyncio.gather(*map(ferry.book, ("ann", "ben", "cleo", "dan", "eve")))
    assert bank.most == 5
""",
        ),
    )
)
LINE, TWO, FIVE = "test_the_line_is_down", "test_two_ferries_have_one_bank", "test_five_pay_at_once"
NAMES = "test_two_passengers_have_one_name"
ONE_SEAT = ("test_a_refusal_frees_one_seat", "test_who_finds_no_seat_takes_none")


def _only(test: str, seen: Seen) -> bool:
    return list(seen.failures) == [test] and not seen.planted


WRONG_TURNS = (
    WrongTurn(
        name="one after the other",
        did=lambda seen: "assert 1 == 3" in seen.failures.get(TOTAL, ""),
        answer="The takings are right, but passengers now pay one after the other, as with a lock "
        "that is held while the bank works. Take the seat before the wait, and no lock is "
        "needed.",
    ),
    WrongTurn(
        name="the total alone",
        did=lambda seen: _only(SEAT, seen) and seen.failed_with("[True, True]"),
        answer="The takings are right. But two passengers still find the last seat free, since "
        "`free` changes after the wait only.",
    ),
    WrongTurn(
        name="the seat alone",
        did=lambda seen: (
            not seen.planted
            and "assert 4 == 12" in seen.failures.get(TOTAL, "")
            and seen.outcomes.get(SEAT) == "passed"
        ),
        answer="The last seat is sold once. But `takings` is still read before the wait, and "
        "written after it.",
    ),
    WrongTurn(
        name="a seat for nobody",
        did=lambda seen: _only(REFUSED, seen),
        answer="A seat that is taken before the wait has to be given back if the wait fails.",
    ),
    WrongTurn(
        name="paid for nothing",
        did=lambda seen: _only(SEAT, seen) and seen.failed_with("['ann', 'ben']"),
        answer="ben has paid, and gets no seat: a check after the wait comes too late.",
    ),
    WrongTurn(
        name="right for one seat",
        did=lambda seen: seen.planted and bool(seen.failures.get(SEAT)),
        answer="With two seats and four passengers, the wrong ones pay. A seat counts as taken "
        "from the check on, for each passenger, until it is paid or given back.",
    ),
    WrongTurn(
        name="not when cancelled",
        did=lambda seen: (
            GIVES_UP.planted[0][2] in seen.bugs
            and seen.failures.get(REFUSED, "").startswith("assert False")
        ),
        answer="ann's task was cancelled while she paid, and nobody else got her seat. "
        "`CancelledError` is not an `Exception`: `except BaseException`, or a `finally`, runs then "
        "too.",
    ),
    WrongTurn(
        name="some errors only",
        did=lambda seen: LINE in seen.failures,
        answer="A refusal gives the seat back, and another error does not. A payment can fail in "
        "more ways than one: `except BaseException`, or a `finally`, is for all of them.",
    ),
    WrongTurn(
        name="another number of seats",
        did=lambda seen: any(test in seen.failures for test in ONE_SEAT),
        answer="Who is refused gives back one seat, the own. A number that was read before the "
        "wait is old after it: others have booked since. And who finds the ferry full has taken "
        "none.",
    ),
    WrongTurn(
        name="shared by all ferries",
        did=lambda seen: TWO in seen.failures,
        answer="Two ferries may have one bank. Seats and takings belong to one ferry, so they are "
        "attributes of `self`, and the bank's list says nothing about either.",
    ),
    WrongTurn(
        name="pays after leaving",
        did=lambda seen: seen.planted and "['ann', 'ben']" in seen.failures.get(REFUSED, ""),
        answer="ann has left, and the bank charged her all the same: a payment that is shielded, "
        "or runs in a task that nobody cancels, goes on without its passenger.",
    ),
)

EXERCISE = Exercise(
    stem="lc211_lost_update",
    kind="mend the code",
    task="Every test must pass: passengers pay at the same time, the takings are right, and nobody "
    "pays for a seat that is taken.",
    edits="ferry.py",
    skeleton=SKELETON,
    frozen={FILE: BANK, "test_ferry.py": TESTS},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("another fare", FILE, FARE, "return 5"),
        Requirement(
            name="a passenger leaves, and others get the seat",
            unmet=first_not_passed,
            run=GIVES_UP,
        ),
        Requirement(name="two seats, and four who want one", unmet=first_not_passed, run=CROWD),
        passes("the bank cannot be reached, and the seat is free again", MORE, LINE),
        passes("a refusal frees one seat, neither more nor less", MORE, *ONE_SEAT),
        passes("two passengers have the same name, and both fares count", MORE, NAMES),
        passes("two ferries have the same bank", MORE, TWO),
        passes("all five pay at once, if there are five seats", MORE, FIVE),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Where does `book` wait? What can another passenger change meanwhile?",
        "There are two reads before the wait: `free` in the check, and `takings` in `+=`. Both are "
        "written after it.",
        "Check and take the seat in one step, `self.free -= 1` before the wait. "
        "`try: … except BaseException: …` gives it back. Await the fare first, and then add it.",
    ),
    learned="You can find what is read before a wait and used after it, and close that gap.",
)
