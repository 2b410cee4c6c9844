"""A helper asks what it is given, time and again: nobody changes what the answer is made of."""

# name: until
# options: --loopcheck-hang=0.4

import asyncio

import pytest


class Oven:
    state = "cold"

    def heat(self):
        self.state = "hot"


async def until(asked):
    while not asked():  # LC204
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_the_oven_is_hot():
    oven = Oven()
    await until(lambda: oven.state == "hot")
