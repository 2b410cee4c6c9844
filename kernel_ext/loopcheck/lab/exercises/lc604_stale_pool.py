"""The exercise of LC604: connections outlive their loops, and two workarounds hide it.

The lesson shows a database's pool and a red test. Here the tests are green: one workaround drops
the connections of the test before without closing them, and the other retries after any error. A
fixture counts the dropped connections, and a planted fault exposes the retry.
"""

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

LINES = '''\
"""Lines to an observatory. A used line stays open for the next question."""

import asyncio

import observatory


class Lines:
    pools = opened = closed = broken = 0

    def __init__(self):
        Lines.pools += 1
        self.free = []

    async def open(self):
        Lines.opened += 1
        return await asyncio.open_connection(*observatory.ADDRESS)

    async def ask(self, star):
        reader, writer = self.free.pop() if self.free else await self.open()
        try:
            writer.write(f"{star}\\n".encode())
            answer = await reader.readline()
        except Exception:
            Lines.broken += 1  # not kept
            raise
        self.free.append((reader, writer))
        return float(answer)

    async def close(self):
        while self.free:
            _, writer = self.free.pop()
            writer.close()
            await writer.wait_closed()
            Lines.closed += 1
'''

OBSERVATORY = '''\
"""The observatory: it says how bright a star is, the less the brighter."""

import socketserver
import threading

STARS = {b"Sirius": b"-1.46", b"Vega": b"0.03", b"Polaris": b"1.98"}


class Desk(socketserver.StreamRequestHandler):
    def handle(self):
        for star in self.rfile:
            self.wfile.write(STARS[star.strip()] + b"\\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Desk)
threading.Thread(target=server.serve_forever, daemon=True).start()
ADDRESS = server.server_address
'''

CONFTEST = """\
import pytest
from lines import Lines


@pytest.fixture(scope="session", autouse=True)
def every_line_is_closed():
    yield
    counts = f"{Lines.closed} closed, {Lines.broken} broken, {Lines.pools} pools"
    assert Lines.closed == Lines.opened, f"{Lines.opened} lines opened: {counts}"
"""

SKELETON = '''\
import asyncio

import pytest
import pytest_asyncio
from lines import Lines

pytestmark = pytest.mark.asyncio

sky = Lines()


@pytest_asyncio.fixture(autouse=True)
async def fresh_lines():
    """The lines of the test before don't work here: forget them."""
    sky.free.clear()


async def brightness(star):
    for _ in range(3):  # sometimes a line is broken: ask again
        try:
            return await sky.ask(star)
        except RuntimeError:
            await asyncio.sleep(0.01)


async def test_sirius_is_bright():
    assert await brightness("Sirius") < 0


async def test_polaris_is_not():
    assert await brightness("Polaris") > 1


async def test_two_at_once():
    sirius, vega = await asyncio.gather(brightness("Sirius"), brightness("Vega"))
    assert sirius < vega
'''

BROKEN = "a star that nobody found"
FILE, ANSWER = "lines.py", "return float(answer)"
# The first question to each pool fails: an answer that retries does not notice.
SOMETIMES = f'''\
if not hasattr(self, "asked"):
            self.asked = star
            raise RuntimeError("{BROKEN}")
        return float(answer)'''

OPENS = "return await asyncio.open_connection(*observatory.ADDRESS)"
KEPT = """\
Lines.made = [*getattr(Lines, "made", ()), await asyncio.open_connection(*observatory.ADDRESS)]
        return Lines.made[-1]"""
COUNT = "assert Lines.closed == Lines.opened"
EACH_LINE = "assert all(writer.is_closing() for _, writer in Lines.made)"
LOOKED_AT = Run(planted=(("lines.py", OPENS, KEPT), ("conftest.py", COUNT, EACH_LINE)))


def _counted(words: str, seen: Seen) -> bool:
    """True if lines were left open, and the count contains `words`."""
    found = [said for said in seen.failures.values() if "lines opened" in said]
    return not seen.planted and any(words in said for said in found)


def _broke(seen: Seen) -> bool:
    """True if every test itself passed although lines broke."""
    alone = all("lines opened" in said for said in seen.failures.values())
    return alone and _counted("broken", seen) and not _counted(" 0 broken", seen)


WRONG_TURNS = (
    WrongTurn(
        name="only counted",
        did=lambda seen: EACH_LINE in seen.bugs and not seen.green,
        answer="The counts agree, and a line is still open: your code counts lines as closed. "
        "`await ….close()` closes them, and counts.",
    ),
    WrongTurn(
        name="closed by the next test",
        did=lambda seen: seen.failed_with("Event loop is closed") and not seen.planted,
        answer="Your code closes a line after the line's loop has closed, and that cannot work: "
        "to close a line, its loop has to run. Close it in the test that used it, before the test "
        "is over.",
    ),
    WrongTurn(
        name="one cure of two",
        did=_broke,
        answer="Your code now keeps the lines for a test on another loop. There each of them "
        "breaks, and the other workaround retries until it opens a new one: green, and still the "
        "same fault.",
    ),
    WrongTurn(
        name="a new pool, the old one dropped",
        did=lambda seen: _counted(" 0 closed, 0 broken", seen) and not _counted(" 1 pools", seen),
        answer="Each test has fresh lines, and your code drops the used ones without closing "
        "them: the observatory still holds the other end. `await ….close()` closes both.",
    ),
    WrongTurn(
        name="asked again",
        did=lambda seen: SOMETIMES in seen.bugs and seen.green,
        answer="Your code retries after any error, so it also hides a fault of the observatory. "
        "With lines that fit their loop there is nothing left to retry.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test asks nothing. All three can pass on lines of their own.",
    ),
)


EXERCISE = Exercise(
    stem="lc604_stale_pool",
    kind="delete the cure",
    task="Remove both cures, and make the tests pass, in any order: the code must close every "
    "line that it opens, and a line that breaks must turn a test red.",
    edits="test_stars.py",
    skeleton=SKELETON,
    frozen={"lines.py": LINES, "observatory.py": OBSERVATORY, "conftest.py": CONFTEST},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a line that breaks", FILE, ANSWER, SOMETIMES),
        Requirement(name="each line is closed", unmet=first_not_passed, run=LOOKED_AT),
        notices("a wrong star", "observatory.py", "STARS[star.strip()]", 'STARS[b"Vega"]'),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "When is `sky` made, on which loop do its lines open, and where do they close?",
        "A line belongs to the loop of the test that opened it, and `sky` keeps it for the next "
        "test, on another loop. The first workaround drops it open, the second retries until it "
        "works.",
        "Make it in a fixture, and close it there: `@pytest_asyncio.fixture`, `async def sky():`, "
        "`lines = Lines()`, `yield lines`, and then `await …`. The tests take `sky` as an "
        "argument and `await sky.ask(…)`, once.",
    ),
    learned="You can see which loop a pool belongs to, and close both together.",
    seconds=6.0,
)
