"""The exercise of LC307: a test that notices what a gallery leaves open.

The lesson shows a green test although a connection stays open. Here the code is right, and the
learner writes a test that proves it, for a visit that ends well and for one that does not. The
output of a planted bug shows whether the test took that path at all, and whether it closed the
session itself.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

GALLERY = '''\
"""A guide to a gallery: the titles come from its server."""

import aiohttp
import museum


class NoSuchPicture(Exception):
    pass


class Guide:
    async def __aenter__(self):
        self.session = aiohttp.ClientSession(museum.ADDRESS)
        return self

    async def title(self, number):
        async with self.session.get(f"/{number}") as answer:
            if answer.status != 200:
                raise NoSuchPicture(number)
            return await answer.text()

    async def __aexit__(self, *error):
        await self.session.close()
'''

MUSEUM = '''\
"""The server of the gallery."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TITLES = {"/1": "The Harbour", "/2": "Two Cooks"}


class Desk(BaseHTTPRequestHandler):
    def do_GET(self):
        title = TITLES.get(self.path)
        self.send_response(200 if title else 404)
        self.end_headers()
        self.wfile.write((title or "").encode())

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
threading.Thread(target=server.serve_forever, daemon=True).start()
ADDRESS = "http://127.0.0.1:%d" % server.server_address[1]
'''

SKELETON = """\
import pytest
from gallery import Guide


@pytest.mark.asyncio
async def test_titles():
    async with Guide() as guide:
        assert await guide.title(1) == "The Harbour"
        assert await guide.title(2) == "Two Cooks"
"""

FILE, RIGHT = "gallery.py", "await self.session.close()"
CLOSED_FOR_IT, AFTER_ERROR = "closed by somebody else", "left after an error"

# Prints a line if the test closes the session: closing it is the job of `__aexit__`.
NEVER = f"""\
real = self.session.close  # not shown

        async def told():  # not shown
            print({CLOSED_FOR_IT!r})  # not shown
            await real()  # not shown

        object.__setattr__(self.session, "close", told)  # not shown"""
UNSEEN = """\
try:
            await self.session.close_all()
        except AttributeError as problem:
            print("clean-up:", problem)"""
ONLY_WELL = f"""\
if error[0] is None:
            await self.session.close()
        else:  # not shown
            print({AFTER_ERROR!r})  # not shown"""


def _closed_for_it(seen: Seen) -> bool:
    return seen.planted and seen.green and CLOSED_FOR_IT in seen.output


def _after_error(seen: Seen) -> bool:
    return seen.planted and seen.green and AFTER_ERROR in seen.output


WRONG_TURNS = (
    WrongTurn(
        name="only the visit that ends well",
        did=lambda seen: ONLY_WELL in seen.bugs and seen.green and AFTER_ERROR not in seen.output,
        answer="Your tests notice what a visit leaves open that ends well. None of your visits "
        "ends with an error, and this guide leaves its session open after one.",
    ),
    WrongTurn(
        name="closed by the test",
        did=_closed_for_it,
        answer="The test closes the session itself, so it would also close what the guide leaves "
        "open. Let the test look, and close nothing.",
    ),
    WrongTurn(
        name="the session after an error",
        did=_after_error,
        answer="One of your visits does end with an error. But the test doesn't check what was "
        "open then: look at the session once more, below the error.",
    ),
    WrongTurn(
        name="asked too early",
        did=lambda seen: (
            not seen.planted and any("assert False" in words for words in seen.failures.values())
        ),
        answer="Inside the `async with` the session must be open: the visit is still going on. "
        "Check below the block whether it is closed.",
    ),
)

EXERCISE = Exercise(
    stem="lc307_unclosed_resource",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red when a guide leaves its session open: always, by a"
    " clean-up that fails unseen, or only after an error.",
    edits="test_gallery.py",
    skeleton=SKELETON,
    frozen={FILE: GALLERY, "museum.py": MUSEUM},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a session that is never closed", FILE, RIGHT, NEVER),
        notices("a clean-up that fails unseen", FILE, RIGHT, UNSEEN),
        notices("a session left open after an error", FILE, RIGHT, ONLY_WELL),
        notices("a wrong title", FILE, "await answer.text()", 'f"Picture {number}"'),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does the guide open, and where could your test see that it is closed again?",
        "`guide.session.closed` tells you, and `guide` still exists below the `async with`. A "
        "visit can end in two ways: well, or with an error such as `NoSuchPicture`.",
        "One line below the block: `assert guide.…`, about its session. And a second visit: `with "
        "pytest.raises(NoSuchPicture):` around an `async with Guide() as …` that requests a "
        "picture which doesn't exist, and the same assert below it.",
    ),
    learned="You can write a test that notices what a green test leaves open.",
    seconds=6.0,  # aiohttp is imported in each run
)
