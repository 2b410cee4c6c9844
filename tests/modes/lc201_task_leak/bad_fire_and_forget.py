"""The test is over before the mail is sent: its loop cancels the rest, without a word."""

import asyncio

import pytest

sent = []


async def send(text):
    await asyncio.sleep(0.01)
    sent.append(text)


# name: send
@pytest.mark.asyncio
async def test_send():
    asyncio.create_task(send("hello"))  # LC201
    assert not sent
