"""Answers to the exercise of LC107: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc107_blocked_loop import SKELETON

SKELETON_SAYS = (
    "the tests notice a gate that blocks the loop",
    "with this change in gate.py, every test still passed",
)


def added(test: str) -> str:
    """Return the skeleton with another test."""
    return f"import asyncio\nimport time\n\n{SKELETON}\n\n{test}"


RIGHT = {
    "the test counts its rounds": added("""
async def test_the_loop_is_free():
    gate, rounds = asyncio.create_task(open_for("B-42")), 0
    while not gate.done():
        await asyncio.sleep(0.005)
        rounds += 1
    assert await gate
    assert rounds > 3
"""),
    "who is first": added("""
async def test_the_loop_is_free():
    done = []

    async def note(name, what):
        await what
        done.append(name)

    await asyncio.gather(note("gate", open_for("B-42")), note("guest", asyncio.sleep(0.02)))
    assert done == ["guest", "gate"]
"""),
    "a timer, and the gate awaited": added("""
async def test_the_loop_is_free():
    came = []
    asyncio.get_running_loop().call_later(0.01, came.append, "a guest")
    assert await open_for("B-42")
    assert came
"""),
    "two gates, and what was done between": added("""
async def test_the_loop_is_free():
    async with asyncio.TaskGroup() as group:
        gates = [group.create_task(open_for(plate)) for plate in ("B-42", "X-1")]
        for _ in range(3):
            await asyncio.sleep(0.005)
        busy = [gate.done() for gate in gates]
    assert busy == [False, False]
    assert [gate.result() for gate in gates] == [True, False]
"""),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a limit around it": (
        added("""
async def test_in_time():
    async with asyncio.timeout(0.25):
        assert await open_for("B-42")
"""),
        "a gate that blocks the loop",
        "or another timer",
    ),
    "a limit for a slow day": (
        added("""
async def test_in_time():
    async with asyncio.timeout(30):
        assert await open_for("B-42")
"""),
        "a gate that blocks the loop",
        "",
    ),
    "two gates in the time of one": (
        added("""
async def test_two_at_once():
    began = time.monotonic()
    await asyncio.gather(open_for("B-42"), open_for("X-1"))
    assert time.monotonic() - began < 0.28
"""),
        "a slow registry",
        "how long the gate takes",
    ),
    "one turn": (
        added("""
async def test_the_loop_is_free():
    gate = asyncio.create_task(open_for("B-42"))
    await asyncio.sleep(0)
    assert not gate.done()
    await gate
"""),
        "yields first, and blocks",
        "not a few turns",
    ),
    "a few turns": (
        added("""
async def test_the_loop_is_free():
    ticks = 0

    async def ticker():
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    other = asyncio.create_task(ticker())
    assert await open_for("B-42")
    other.cancel()
    assert ticks > 0
"""),
        "yields first, and blocks",
        "not a few turns",
    ),
    "where the registry is asked": (
        added("""
import threading
import gate


async def test_in_a_thread(monkeypatch):
    threads = []
    monkeypatch.setattr(gate, "look_up", lambda plate: threads.append(threading.get_ident()))
    await open_for("B-42")
    assert threading.get_ident() not in threads
"""),
        "yields first, and blocks",
        "a thread alone proves nothing",
    ),
    "to_thread is looked for": (
        added("""
from unittest.mock import AsyncMock


async def test_it_uses_a_thread(monkeypatch):
    handed = AsyncMock()
    monkeypatch.setattr(asyncio, "to_thread", handed)
    await open_for("B-42")
    handed.assert_awaited_once()
"""),
        "another right gate",
        "which function is called",
    ),
    "the answer is not looked at": (
        added("""
async def test_the_loop_is_free():
    gate, rounds = asyncio.create_task(open_for("B-42")), 0
    while not gate.done():
        await asyncio.sleep(0.005)
        rounds += 1
    assert rounds > 3
""").replace("assert not await", "await"),
        "opens for all",
        "",
    ),
}
