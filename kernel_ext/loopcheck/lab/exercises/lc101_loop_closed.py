"""The exercise of LC101: an exchange desk that reuses one connection, bound to a closed loop.

The lesson mends the tests, since the shop's client may stay. Here the tests are right and the code
is wrong: the class opens the connection and has no place that closes it. The exchange counts its
lines, so the tests see a line that stays open or one too many, whatever the answer looks like.
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

EXCHANGE = '''\
"""The exchange: whoever opens a line may ask for rates on it."""

import asyncio
import socketserver
import threading

RATES = {"EUR": 2, "USD": 4, "JPY": 500}


class Clerk(socketserver.StreamRequestHandler):
    def handle(self):
        for currency in self.rfile:
            self.wfile.write(b"%d\\n" % RATES[currency.decode().strip()])


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()


class Line:
    """To open a line costs a fee, to ask on it is free. An open line must be closed."""

    opened = []

    @classmethod
    async def open(cls):
        line = cls()
        line.reader, line.writer = await asyncio.open_connection(*server.server_address)
        cls.opened.append(line)
        return line

    async def ask(self, currency):
        try:
            self.writer.write(currency.encode() + b"\\n")
            return int(await self.reader.readline())
        except Exception:
            self.writer.close()  # nobody knows what comes next on this line
            raise

    async def close(self):
        self.writer.close()
        await self.writer.wait_closed()


def left_open():
    return sum(not line.writer.is_closing() for line in Line.opened)
'''

TESTS = """\
import exchange
import pytest
from desk import Desk

pytestmark = pytest.mark.asyncio


async def test_euros():
    async with Desk() as desk:
        assert await desk.change(3, "EUR") == 6


async def test_one_fee_for_a_whole_family():
    before = len(exchange.Line.opened)
    async with Desk() as desk:
        assert await desk.change(1, "EUR") == 2
        assert await desk.change(1, "JPY") == 500
    assert len(exchange.Line.opened) - before == 1


async def test_one_desk_stays_open_when_another_closes():
    async with Desk() as early:
        async with Desk() as late:
            assert await late.change(2, "USD") == 8
        assert await early.change(2, "USD") == 8


async def test_no_line_is_left_open():
    async with Desk() as desk:
        await desk.change(1, "USD")
    assert exchange.left_open() == 0
"""

SKELETON = '''\
"""The exchange desk of a bank."""

from exchange import Line


class Desk:
    line = None

    async def __aenter__(self):
        if Desk.line is None:
            Desk.line = await Line.open()
        return self

    async def __aexit__(self, *error):
        pass  # the next desk asks on the same line

    async def change(self, amount, currency):
        return amount * await self.line.ask(currency)
'''

FAMILY = "test_one_fee_for_a_whole_family"
TWO_DESKS = "test_one_desk_stays_open_when_another_closes"
LEFT = "test_no_line_is_left_open"

# A customer complains: the assertion inside of the first desk fails.
COMPLAINT = Run(planted=(("exchange.py", '"EUR": 2', '"EUR": 3'),))
OWN_WORD = "line.writer.is_closing()"  # an answer can replace this method
LOOKED_AT = Run(planted=(("exchange.py", OWN_WORD, "line.writer.transport.is_closing()"),))


def _open_after_a_complaint(seen: Seen) -> str | None:
    """Return what went wrong if an error inside the desk left a line open, or was swallowed."""
    if _swallowed(seen):
        return "test_euros was made to fail inside of its desk, and passed"
    if seen.outcomes.get(LEFT) == "passed":
        return None
    return f"test_euros was made to fail inside of its desk; then {LEFT}: " + seen.failures.get(
        LEFT, "it did not run"
    )


def _swallowed(seen: Seen) -> bool:
    """True if the desk swallowed the customer's error."""
    return _complained(seen) and seen.outcomes.get("test_euros") == "passed"


def _complained(seen: Seen) -> bool:
    return COMPLAINT.planted[0][2] in seen.bugs


def _only(seen: Seen, test: str) -> bool:
    """True if *test* is the only one that failed."""
    return not seen.planted and [*seen.failures] == [test]


def _lines_left(seen: Seen) -> bool:
    """True if the desks work but leave lines open."""
    return _only(seen, LEFT) and seen.failures[LEFT].startswith("assert")


WRONG_TURNS = (
    WrongTurn(
        name="forgotten",
        did=lambda seen: (
            not seen.planted
            and "'NoneType' object has no attribute 'ask'" in seen.failures.get(TWO_DESKS, "")
        ),
        answer="A desk that closes takes the line away from a desk that is still open: all of them "
        "share it. Let each desk keep the line that it opened, and close that one.",
    ),
    WrongTurn(
        name="nest_asyncio",
        did=lambda seen: seen.nested and bool(seen.failures),
        answer="`nest_asyncio` lets you enter a running loop again. The line's loop isn't "
        "running: it is closed, and nothing opens a closed loop again.",
    ),
    WrongTurn(
        name="old lines left",
        did=_lines_left,
        answer="Each loop has its own line now, so the error is gone. But the old line stays "
        "open. You can only close it while its loop runs: at the end of the desk.",
    ),
    WrongTurn(
        name="a line for each question",
        did=lambda seen: _only(seen, FAMILY),
        answer="No line outlives its loop any more. But the exchange charges a fee for each line, "
        "and a family now pays one for each question. Open the line when the desk opens.",
    ),
    WrongTurn(
        name="closed for all",
        did=lambda seen: _only(seen, TWO_DESKS),
        answer="The line is closed in time, but all desks share it: the first desk that closes "
        "takes it away from the others. Let each desk keep the line that it opened.",
    ),
    WrongTurn(
        name="error kept",
        did=_swallowed,
        answer="A true value from `__aexit__` tells Python that the error is handled, so no "
        "assertion inside a desk can fail any more. Return nothing.",
    ),
    WrongTurn(
        name="not after an error",
        did=lambda seen: _complained(seen) and seen.outcomes.get(LEFT) == "failed",
        answer="You close the line when all goes well. An error inside the desk skips your "
        "closing line. `__aexit__` and `finally` run either way.",
    ),
)

EXERCISE = Exercise(
    stem="lc101_loop_closed",
    kind="mend the code",
    task="Make all four tests pass, in any order. The desk must leave no line to the exchange "
    "open, even when something fails there.",
    edits="desk.py",
    skeleton=SKELETON,
    frozen={"test_desk.py": TESTS, "exchange.py": EXCHANGE},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="a line is closed also when something fails at the desk",
            unmet=_open_after_a_complaint,
            run=COMPLAINT,
        ),
        Requirement(
            name="the exchange sees each line closed", unmet=first_not_passed, run=LOOKED_AT
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Compare how long a desk lives with how long its line lives.",
        "`Desk.line` belongs to the class, so the whole run shares it. The first test opens it on "
        "its own loop. The second test uses it when that loop is closed.",
        "Open it for one desk and close it with that desk: `self.line = …` in `__aenter__`, and "
        "`await …` in `__aexit__`, which also runs after an error. Keep nothing on the class.",
    ),
    learned="You can find what outlives its loop, and close it where it was opened.",
    seconds=6.0,  # three failures are explained in the skeleton's run
)
