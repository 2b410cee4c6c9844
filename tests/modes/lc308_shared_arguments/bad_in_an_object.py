"""What is handed over is an object, and all tests have the dict in it."""

import dataclasses

import pytest


@dataclasses.dataclass
class Message:
    body: str
    headers: dict


async def deliver(message):
    message.headers["seen"] = "yes"
    return message.headers.pop("trace")


MESSAGE = Message("hi", {"trace": "1"})


# name: msg.headers
@pytest.mark.asyncio
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("msg", [MESSAGE])  # LC308
async def test_deliver(msg, again):
    assert await deliver(msg) == "1"
