"""Wrong asserts about a state, beside a task that is to change something else of it."""

import asyncio
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.asyncio
app = FastAPI()
app.state.audit, app.state.users = [], ["ann"]
other = SimpleNamespace(audit=[])


async def note(what):
    await asyncio.sleep(0.02)
    app.state.audit.append(what)


async def pay(amount):
    asyncio.create_task(note(amount))
    return amount


async def test_another_attribute():
    await pay(3)
    assert app.state.users == ["bob"]


async def test_another_state():
    await pay(3)
    assert other.audit == [3]


async def test_what_it_gave():
    assert await pay(3) == 4
