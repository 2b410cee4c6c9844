"""What is changed is kept in an application's state, which has its attributes in a dict."""

# findings: 2

import asyncio

import pytest
from fastapi import FastAPI

app = FastAPI()
app.state.audit = []


class Settings:
    def __init__(self):
        object.__setattr__(self, "_kept", {})

    def __getattr__(self, name):
        return self._kept[name]

    def __setattr__(self, name, value):
        self._kept[name] = value


settings = Settings()
settings.seen = []
settings.total = 0


async def note(what):
    await asyncio.sleep(0.02)
    app.state.audit.append(what)
    settings.seen.append(what)


async def pay(amount):
    asyncio.create_task(note(amount))
    return amount


# name: note
@pytest.mark.asyncio
async def test_state():
    assert await pay(3) == 3
    assert 3 in app.state.audit  # LC208


@pytest.mark.asyncio
async def test_a_class_of_ones_own():
    assert await pay(5) == 5
    assert 5 in settings.seen  # LC208
