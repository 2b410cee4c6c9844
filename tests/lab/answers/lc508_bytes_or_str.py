"""Answers to the exercise of LC508: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc508_bytes_or_str import SKELETON

SKELETON_SAYS = ("the tests notice a report that is left as bytes", "every test still passed")


def more(body: str, *, said: str = "ringing") -> str:
    """Return the skeleton with one more test."""
    test = f"\n\nasync def test_more():\n    {body}\n"
    return SKELETON.replace("from alarm import ringing", f"from alarm import {said}") + test


RIGHT = {
    "an open door": more('assert await ringing(line("café open")) == ["café"]'),
    "the place that decodes": more(
        'assert [one async for one in reports(line("é open"))] == [("é", "open")]',
        said="reports, ringing",
    ),
    "over a real line": """
import asyncio
import pytest
import alarm

@pytest.mark.asyncio
async def test_two_doors():
    async def tell(reader, writer):
        writer.write("Küche open\\nfront closed\\ngarden open\\n".encode())
        writer.close()

    server = await asyncio.start_server(tell, "127.0.0.1", 0)
    line, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await alarm.ringing(line) == ["Küche", "garden"]
    writer.close()
    server.close()
""",
    "joined to a sentence": more(
        'said = " and ".join(await ringing(line("café open", "front open")))\n'
        '    assert said == "café and front"'
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "whether it rings": (
        more('assert await ringing(line("café open"))'),
        "a door that is left as bytes",
        "does not check for which door",
    ),
    "how often it rings": (
        more('assert len(await ringing(line("café open", "front closed"))) == 1'),
        "a door that is left as bytes",
        "compare with the whole answer",
    ),
    "plain letters": (
        more('assert await ringing(line("front open")) == ["front"]'),
        "another encoding",
        "The `é` of `café` can",
    ),
    "bytes expected": (
        more('assert await ringing(line("front open")) == [b"front"]'),
        "every test",
        "the test expects bytes",
    ),
    "decoded again": (
        more('[door] = await ringing(line("café open"))\n    assert door.decode() == "café"'),
        "every test",
        "One place decodes",
    ),
    "more closed doors": (
        more('assert not await ringing(line("café closed", "front closed"))'),
        "left as bytes",
        "",
    ),
    "every door rings": (
        """
import asyncio
import pytest
from alarm import ringing

@pytest.mark.asyncio
async def test_open():
    line = asyncio.StreamReader()
    line.feed_data("café open\\n".encode())
    line.feed_eof()
    assert await ringing(line) == ["café"]
""",
        "a closed door",
        "",
    ),
}
