"""The exercise of LC503: six real errors, and two handlers with the names of Python's own classes.

The lesson has one client. Here are five libraries: the message of an error doesn't help, the class
decides.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

CALLS = '''\
"""Six calls that fail. Nobody listens on port 1, and `silent()` never answers."""

import asyncio
from concurrent.futures import Future
from contextlib import asynccontextmanager

import httpx
import valkey.asyncio as valkey


@asynccontextmanager
async def silent():
    """A server that takes a connection and says nothing."""
    open_ones = []
    server = await asyncio.start_server(lambda *ends: open_ones.append(ends[1]), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in open_ones:
            writer.close()


async def a_limit():
    async with asyncio.timeout(0):
        await asyncio.Event().wait()


async def a_socket():
    await asyncio.open_connection("127.0.0.1", 1)


async def a_store():
    async with valkey.Valkey(host="127.0.0.1", port=1) as store:
        await store.get("cart")


async def a_page():
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get("http://127.0.0.1:1/")


async def a_late_page():
    async with silent() as port, httpx.AsyncClient(trust_env=False, timeout=0.1) as client:
        await client.get(f"http://127.0.0.1:{port}/")


async def a_thread():
    Future().result(timeout=0)
'''

TESTS = '''\
import calls
import pytest
from prediction import caught_by


async def handler(call):
    """Return the name of the handler that takes what *call* raises."""
    try:
        await call()
    except TimeoutError:
        return "TimeoutError"
    except ConnectionError:
        return "ConnectionError"
    except Exception:
        return "neither"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "name", ["a_limit", "a_socket", "a_store", "a_page", "a_late_page", "a_thread"]
)
async def test_who_takes_it(name):
    found = await handler(getattr(calls, name))
    if caught_by[name] != found:
        pytest.fail(f"{name}: it is not {caught_by[name]!r}")
'''

SKELETON = """\
# `except TimeoutError:` comes first, then `except ConnectionError:`, both Python's own.
# Say which of them takes the error of each call: "TimeoutError", "ConnectionError" or "neither".
caught_by = {
    "a_limit": "?",
    "a_socket": "?",
    "a_store": "?",
    "a_page": "?",
    "a_late_page": "?",
    "a_thread": "?",
}
"""

WRONG_TURNS = (
    WrongTurn(
        name="one name, one class",
        did=lambda seen: seen.failed_with("a_store: it is not 'ConnectionError'"),
        answer="The store's error is called ConnectionError, too. But it is a different class, "
        "`valkey.exceptions.ConnectionError`, and not a subclass of Python's.",
    ),
    WrongTurn(
        name="a page is a connection",
        did=lambda seen: seen.failed_with("page: it is not 'Conn", "page: it is not 'Time"),
        answer="httpx raises its own classes: `ConnectError` and `ReadTimeout` derive from "
        "`httpx.HTTPError`, not from Python's `ConnectionError` or `TimeoutError`.",
    ),
    WrongTurn(
        name="asyncio has its own",
        did=lambda seen: seen.failed_with(
            "a_limit: it is not 'neither'", "a_thread: it is not 'neither'"
        ),
        answer="That was true before Python 3.11. Since then `asyncio.TimeoutError` and "
        "`concurrent.futures.TimeoutError` are Python's own class under other names.",
    ),
    WrongTurn(
        name="a socket is neither",
        did=lambda seen: seen.failed_with(
            "a_socket: it is not 'neither'", "a_socket: it is not 'Time"
        ),
        answer="No library is involved here: the system refuses, and Python raises its own "
        "`ConnectionRefusedError`. Look up which class it is a subclass of.",
    ),
)

EXERCISE = Exercise(
    stem="lc503_wrong_exception_class",
    kind="diagnose only",
    task="For each of the six calls, say which handler catches its error, so that every test "
    "passes.",
    edits="prediction.py",
    skeleton=SKELETON,
    frozen={"calls.py": CALLS, "test_prediction.py": TESTS},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a store read without its client",
            "calls.py",
            'await store.get("cart")',
            'await asyncio.open_connection("127.0.0.1", 1)',
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each call, which code raises: Python and its standard library, or a third-party "
        "client?",
        "Python and its standard library raise Python's classes, or subclasses of them. valkey "
        "and httpx have their own families of classes, whatever the names suggest.",
        "Three of the six errors pass both handlers: all that come from a client, `a_store` and "
        "two more. Of the other three calls the system refuses one, `a_socket`, and two …",
    ),
    learned="You can tell which handler catches an error from the code that raised it.",
    seconds=10.0,
)
