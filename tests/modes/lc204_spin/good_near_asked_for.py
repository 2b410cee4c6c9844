"""Somebody changes what the answer is made of, later: the helper waits for that by right."""

# options: --loopcheck-hang=0.4

import asyncio

import pytest


class Oven:
    state = "cold"

    async def heat(self):
        await asyncio.sleep(1)
        self.state = "hot"

    def hurry(self):
        self.state = "hot"


async def until(asked):
    while not asked():
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_task_heats_the_oven():
    oven = Oven()
    task = asyncio.create_task(oven.heat())
    await until(lambda: oven.state == "hot")
    await task


@pytest.mark.asyncio
async def test_a_timer_heats_the_oven():
    oven = Oven()
    asyncio.get_running_loop().call_later(1, oven.hurry)
    await until(lambda: oven.state == "hot")


@pytest.mark.asyncio
async def test_what_is_closed_over_changes():
    state = "cold"

    def heat():
        nonlocal state
        state = "hot"

    asyncio.get_running_loop().call_later(1, heat)
    await until(lambda: state == "hot")


@pytest.mark.asyncio
async def test_a_thread_heats_the_oven():
    oven = Oven()

    def heat():
        import time

        time.sleep(1)
        oven.hurry()

    work = asyncio.get_running_loop().run_in_executor(None, heat)
    await until(lambda: oven.state == "hot")
    await work


RADIO = {"on": False}


async def switch_on():
    await asyncio.sleep(1)
    RADIO["on"] = True


@pytest.mark.asyncio
async def test_what_a_module_keeps_changes():
    task = asyncio.create_task(switch_on())
    await until(lambda: RADIO["on"])
    await task
