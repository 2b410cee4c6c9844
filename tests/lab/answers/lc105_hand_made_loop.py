"""Answers to the exercise of LC105: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc105_hand_made_loop import SKELETON

SKELETON_SAYS = (
    "the tests notice a look-up of the current loop",
    "every test still passed",
)

RIGHT = {
    "after another run": SKELETON
    + """

def test_again():
    import asyncio
    asyncio.run(asyncio.sleep(0))
    assert statement({"EUR": 1}) == 2
""",
    "in a pool": """
from concurrent.futures import ThreadPoolExecutor
from statement import statement

def test_in_a_thread():
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(statement, {"EUR": 3, "USD": 1}).result() == 10
""",
    "an async test and its thread": """
import asyncio
import pytest
import statement as bank

@pytest.mark.asyncio
async def test_from_a_server():
    assert await asyncio.to_thread(bank.statement, {"USD": 2, "EUR": 1}) == 10
""",
    "the loop taken away by hand": """
import asyncio
import pytest
from statement import statement

@pytest.fixture(autouse=True)
def no_current_loop():
    asyncio.set_event_loop(None)

@pytest.mark.parametrize("euros", [0, 3])
def test_statement(euros):
    assert statement({"EUR": euros, "USD": 1}) == 2 * euros + 4
""",
}

ASYNC_FIRST = """
import asyncio
import pytest
from statement import statement

@pytest.mark.asyncio
async def test_a_loop_ran_before():
    await asyncio.sleep(0)

def test_statement():
    assert statement({"EUR": 3, "USD": 1}) == 10
"""
FORBIDDEN = """
import asyncio
from statement import statement

def test_statement(monkeypatch):
    def forbidden():
        raise AssertionError("looked for a loop")
    monkeypatch.setattr(asyncio, "get_event_loop", forbidden)
    assert statement({"EUR": 3, "USD": 1}) == 10
"""
TEXT = """
import inspect
import statement

def test_statement():
    assert "get_event_loop" not in inspect.getsource(statement)
"""
IN_ASYNC = """
import pytest
from statement import statement

@pytest.mark.asyncio
async def test_statement():
    assert statement({"EUR": 3, "USD": 1}) == 10
"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "an async test before it": (ASYNC_FIRST, "in reverse order", "thread that never had one"),
    "one look-up forbidden": (FORBIDDEN, "through the policy", ""),
    "the text": (TEXT, "every test", "The test reads the source"),
    "in an async test": (IN_ASYNC, "every test", "test a loop is already"),
    "called twice": (
        SKELETON + '    assert statement({"EUR": 1}) == 2\n',
        "a look-up of the current loop",
        "",
    ),
    "two plain tests": (
        SKELETON + '\n\ndef test_euros():\n    assert statement({"EUR": 1}) == 2\n',
        "a look-up of the current loop",
        "",
    ),
    "no assert": (
        """
import asyncio
from statement import statement

def test_statement():
    asyncio.run(asyncio.sleep(0))
    statement({"EUR": 3, "USD": 1})
""",
        "an amount that is forgotten",
        "",
    ),
}
