"""Functions of the user's make the tasks: the line to change is the one that calls them."""

# findings: 3

import asyncio

import pytest

latest, running = {}, set()


async def refresh(every):
    while True:
        latest["temperature"] = 21
        await asyncio.sleep(every)


async def watch():
    await asyncio.sleep(5)


async def charge(card):
    await asyncio.sleep(5)
    return card


def schedule(job, *args):
    running.add(asyncio.create_task(job(*args)))


def background(coro):
    running.add(asyncio.ensure_future(coro))


async def pay(card):
    try:
        return await asyncio.wait_for(asyncio.shield(charge(card)), 0.01)  # LC201
    except TimeoutError:
        return "pending"


# name: refresh | watch | charge
@pytest.mark.asyncio
async def test_refresh():
    schedule(refresh, 30)  # LC201
    await asyncio.sleep(0)
    assert latest == {"temperature": 21}


@pytest.mark.asyncio
async def test_watch():
    background(watch())  # LC201
    await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_slow_cards_are_pending():
    assert await pay("4242") == "pending"
