"""The exercise of LC101: an exchange desk whose line is kept for the next desk, on a dead loop.

The lesson mends the tests, since the shop's client may stay. Here the tests are right and the code
is not: who opens the line has no place where it is closed. The exchange counts, so that a line left
open or opened too often is seen whatever the answer looks like.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
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


def _open_after_a_complaint(seen: Seen) -> str | None:
    """Say so if a desk that was left by an error left its line open, or kept the error."""
    if _swallowed(seen):
        return "test_euros was made to fail inside of its desk, and passed"
    if seen.outcomes.get(LEFT) == "passed":
        return None
    return f"test_euros was made to fail inside of its desk; then {LEFT}: " + seen.failures.get(
        LEFT, "it did not run"
    )


def _swallowed(seen: Seen) -> bool:
    """Whether the customer's complaint never left the desk."""
    return seen.planted and seen.outcomes.get("test_euros") == "passed"


def _only(seen: Seen, test: str) -> bool:
    """Whether *test* is the only one that failed."""
    return not seen.planted and [*seen.failures] == [test]


def _lines_left(seen: Seen) -> bool:
    """Whether the desks work, and lines of theirs are still open."""
    return _only(seen, LEFT) and seen.failures[LEFT].startswith("assert")


WRONG_TURNS = (
    WrongTurn(
        name="nest_asyncio",
        did=lambda seen: seen.nested and bool(seen.failures),
        answer="`nest_asyncio` lets a running loop be entered again. The loop of the line does not "
        "run: it is closed, and nothing opens a loop again.",
    ),
    WrongTurn(
        name="old lines left",
        did=_lines_left,
        answer="Each loop has a line of its own now, so the error is gone. But nobody closes the "
        "old one, and it can only be closed while its loop runs: at the end of the desk.",
    ),
    WrongTurn(
        name="a line for each question",
        did=lambda seen: _only(seen, FAMILY),
        answer="No line outlives its loop any more. But the exchange takes a fee for each line, "
        "and a family now pays one for each question: open the line when the desk opens.",
    ),
    WrongTurn(
        name="closed for all",
        did=lambda seen: _only(seen, TWO_DESKS),
        answer="The line is closed in time, but it is one for all desks: the first that closes "
        "takes it from the others. Let each desk keep the line that it opened.",
    ),
    WrongTurn(
        name="error kept",
        did=_swallowed,
        answer="A true value from `__aexit__` says that the error is dealt with, so no assertion "
        "inside of a desk can fail any more. Return nothing.",
    ),
    WrongTurn(
        name="not after an error",
        did=lambda seen: seen.planted and seen.outcomes.get(LEFT) == "failed",
        answer="The line is closed when all goes well. An error inside of the desk goes past that "
        "line of yours: `__aexit__`, or a `finally`, is reached either way.",
    ),
)

EXERCISE = Exercise(
    stem="lc101_loop_closed",
    kind="mend the code",
    task="All four tests pass, in any order, and no line to the exchange is left open, even when "
    "something fails at the desk.",
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
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at how long a desk lives, and at how long its line does.",
        "`Desk.line` belongs to the class, so it is one for the whole run. It is opened on the "
        "loop of the first test and asked on the loop of the second, when the first is closed.",
        "Open it for one desk and close it with that desk: `self.line = …` in `__aenter__`, and "
        "in `__aexit__`, which is reached after an error too, `await …`. Nothing is left in the "
        "class.",
    ),
    learned="You can find what outlives its loop, and close it where it was opened.",
    seconds=6.0,  # three failures are explained in the skeleton's run
)
