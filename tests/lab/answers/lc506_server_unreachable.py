"""Answers to the exercise of LC506: the right ones and the wrong turns."""

from pathlib import Path

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc506_server_unreachable import SKELETON
from loopcheck.lab.workbook.lesson_files import solution_file

SKELETON_SAYS = ("every test runs and passes", "test_a_flat_boat_enters was skipped")

SOLUTION = Path(solution_file("lc506_server_unreachable")).read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str], text: str = SOLUTION) -> str:
    """Return *text* with changes, each of which must find its place."""
    found: str = in_text(*pairs, text=text)
    return found


START, STOP = "await gauge.start()", "\n    await gauge.stop()"
MODULE = 'scope="module", loop_scope="module"'

RIGHT = {
    "a gauge for the file": changed(
        ("@pytest_asyncio.fixture\n", f"@pytest_asyncio.fixture({MODULE})\n"),
        (
            "pytestmark = pytest.mark.asyncio\n",
            'pytestmark = pytest.mark.asyncio(loop_scope="module")\n',
        ),
    ),
    "a gauge for the session": changed(
        (
            "@pytest_asyncio.fixture\n",
            '@pytest_asyncio.fixture(scope="session", loop_scope="session")\n',
        ),
        (
            "pytestmark = pytest.mark.asyncio\n",
            'pytestmark = pytest.mark.asyncio(loop_scope="session")\n',
        ),
    ),
    "a block in each test": """
from contextlib import asynccontextmanager
import gauge, harbour, pytest

@asynccontextmanager
async def pier():
    one = gauge.Gauge()
    await one.start()
    try:
        yield one.port
    finally:
        await one.stop()

@pytest.mark.asyncio
@pytest.mark.parametrize(("draught", "enters"), [(120, True), (300, False)])
async def test_boats(draught, enters):
    async with pier() as port:
        assert await harbour.can_enter(port, draught) is enters
""",
    "the helper brings it": changed(
        (
            "from harbour import can_enter\n",
            "from gauge import Gauge\nfrom harbour import can_enter\n",
        ),
        ("PIER = 1  # the port of the gauge on the pier\n\n", ""),
        (
            """    try:
        return await can_enter(PIER, draught)
    except OSError:
        pytest.skip("the gauge cannot be reached")
""",
            """    gauge = Gauge()
    await gauge.start()
    try:
        return await can_enter(gauge.port, draught)
    finally:
        await gauge.stop()
""",
        ),
        text=SKELETON,
    ),
    "a free port looked for first": changed(
        (
            START,
            "await gauge.start(port=0)\n    assert await can_enter(gauge.port, 0)",
        )
    ),
}

SKIPS = """
async def enters(port, draught):
    try:
        return await can_enter(port, draught)
    except OSError:
        pytest.skip("the gauge cannot be reached")

"""
MADE_UP = """
async def can_enter(port, draught):
    try:
        return await harbour.can_enter(port, draught)
    except OSError:
        return draught < 210

"""
DOUBLE = """
from unittest.mock import AsyncMock
import pytest
import harbour

@pytest.fixture(autouse=True)
def gauge(monkeypatch):
    reader, writer = AsyncMock(), AsyncMock()
    reader.readline.return_value = b"210\\n"
    opened = AsyncMock(return_value=(reader, writer))
    monkeypatch.setattr(harbour.asyncio, "open_connection", opened)

@pytest.mark.asyncio
async def test_flat():
    assert await harbour.can_enter(1, 120)

@pytest.mark.asyncio
async def test_deep():
    assert not await harbour.can_enter(1, 300)
"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a gauge, and the skip": (
        changed(
            ("@pytest_asyncio.fixture\n", f"{SKIPS}@pytest_asyncio.fixture\n"),
            ("await can_enter(port, 120)", "await enters(port, 120)"),
            ("await can_enter(port, 300)", "await enters(port, 300)"),
        ),
        "does not listen",
        "the skip can only hide",
    ),
    "an answer made up": (
        changed(
            ("from harbour import can_enter\n", f"import harbour\n{MADE_UP}"),
        ),
        "does not listen",
        "an answer all the same",
    ),
    "a double": (DOUBLE, "does not listen", "from a mock"),
    "a named port": (
        changed((START, "await gauge.start(4713)")),
        "any free port",
        "On that machine another process",
    ),
    "never stopped": (changed((STOP, "")), "every test", "after its `yield`"),
    "the skip alone taken out": (
        changed(
            (
                "    except OSError:\n        pytest.skip",
                "    except ValueError:\n        pytest.skip",
            ),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
    "expected to fail": (
        changed(
            (
                '        pytest.skip("the gauge cannot be reached")',
                '        pytest.xfail("no gauge")',
            ),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
    "nothing asserted about the deep boat": (
        changed(("assert not await can_enter(port, 300)", "await can_enter(port, 300)")),
        "too deep",
        "",
    ),
}
