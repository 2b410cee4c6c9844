"""Greets before the listener has subscribed; `wait_for` ends the wait on a real connection."""

# name: inbox
import asyncio
import os

import pytest
import valkey.asyncio as valkey


async def next_message(inbox):
    while True:
        message = await inbox.get_message(ignore_subscribe_messages=True, timeout=None)
        if message is not None:
            return message["data"]


async def greet(store, room):
    await store.publish(room, b"hello")  # LC203


@pytest.mark.asyncio
async def test_a_greeting_arrives():
    room = f"room of {os.getpid()}"
    async with valkey.from_url(os.environ["VALKEY_URL"], socket_timeout=None) as store:
        await asyncio.create_task(greet(store, room))
        inbox = store.pubsub()
        await inbox.subscribe(room)
        try:
            assert await asyncio.wait_for(next_message(inbox), 0.5) == b"hello"
        finally:
            await inbox.aclose()
