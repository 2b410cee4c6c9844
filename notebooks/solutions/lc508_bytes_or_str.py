"""LC508 bytes-or-str: the solution of the exercise, why it works, and one other good way.

What was missing: a test in which text and bytes lead to different answers. A closed door is quiet
in both cases, for two reasons: it is not open, or nothing is ever equal to "open".

What changed: an open door. Its name is compared, as text and whole, so a door that is left as bytes
is noticed too. And it is a name with an `é`, which is two bytes in UTF-8: who decodes it in another
encoding gets another name.

Another good way: test `reports`, the one place that decodes, instead of what is made of it:
`assert [one async for one in reports(line("café open"))] == [("café", "open")]`. Then a bug is told
where it is, and not two functions later.
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
