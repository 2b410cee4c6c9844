"""A module keeps one connection. Two tasks open it, and the file allows one at a time."""

import asyncio

import pytest


class Busy(OSError):
    pass


users = []
state = {"connection": None}


async def connect():
    users.append(asyncio.current_task())
    await asyncio.sleep(0.001)
    if users[0] is not asyncio.current_task():
        raise Busy("opened already")
    return object()


async def query(text):
    if state["connection"] is None:  # LC211
        state["connection"] = await connect()
    return text.upper()


# name: state["connection"]
@pytest.mark.asyncio
async def test_two_queries_at_once():
    first = asyncio.create_task(query("select 1"))
    second = asyncio.create_task(query("select 2"))
    assert [await first, await second] == ["SELECT 1", "SELECT 2"]
