"""LC508 bytes-or-str: the solution of the exercise, why it works, and one other good way.

What was missing: a test in which text and bytes lead to different answers. A closed door is quiet
in both cases, for two reasons: it is not open, or nothing is ever equal to "open".

What changed: an open door. The test compares its whole name as text, so it also notices a door that
stays bytes. And the name has an `é`, which is two bytes in UTF-8: decoding it in another encoding
returns another name.

Another good way: test `reports`, the one place that decodes, instead of its users:
`assert [one async for one in reports(line("café open"))] == [("café", "open")]`. Then the test
fails where the bug is, and not two functions later.
"""

import asyncio

import pytest
from alarm import ringing

pytestmark = pytest.mark.asyncio


def line(*reports):
    reader = asyncio.StreamReader()
    for report in reports:
        reader.feed_data(f"{report}\n".encode())
    reader.feed_eof()
    return reader


async def test_a_closed_door_is_quiet():
    assert not await ringing(line("front closed"))


async def test_an_open_door_rings_by_its_name():
    assert await ringing(line("front closed", "café open")) == ["café"]
