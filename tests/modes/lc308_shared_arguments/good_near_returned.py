"""Defaults and globals that tests add to, as it is meant; the asserts fail for other reasons."""

import dataclasses

import pytest

pytestmark = pytest.mark.asyncio
HEADERS = {"auth": "t"}


@dataclasses.dataclass
class Message:
    headers: dict


MESSAGE = Message({"trace": "1"})


async def square(number, known={}):
    known[number] = number * number
    return known[number]


async def names(known=[]):
    known.append("ann")
    return [*known]


async def copied(**more):
    HEADERS.update(more)
    return dict(HEADERS)


async def test_square():
    assert await square(2) == 4


async def test_wrong_square():
    assert await square(3) == 10


async def test_names():
    assert await names() == ["ann"]
    assert (await copied(trace="1"))["trace"] == "1"


async def test_other_names():
    assert await names() == ["bob"]


async def test_wrong_in_any_case():
    assert await copied() == {"auth": "wrong"}


@pytest.mark.parametrize("key", ["a", "b"])
@pytest.mark.parametrize("msg", [MESSAGE])
async def test_never_there(msg, key):
    msg.headers.pop("trace", None)
    assert msg.headers[key]


async def the_same():
    return HEADERS


async def test_what_is_in_it():
    assert (await the_same()).get("auth") != "t"
