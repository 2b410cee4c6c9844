"""`asyncio.wait` returns at its limit or at the first result, and the other tasks go on."""
# name: Mirrors.copy | charge | Race.run

import asyncio

import pytest

pytestmark = pytest.mark.asyncio
# findings: 3


class Mirrors:
    def __init__(self):
        self.copied = []

    async def copy(self, host, delay):
        await asyncio.sleep(delay)
        self.copied.append(host)

    async def sync(self, limit):
        jobs = [
            asyncio.create_task(self.copy("near", 0)),
            asyncio.create_task(self.copy("far", 0.03)),
        ]
        done, late = await asyncio.wait(jobs, timeout=limit)  # LC201
        return len(done)


charged = {}


async def charge(customer, delay):
    await asyncio.sleep(delay)
    charged[customer] = charged.get(customer, 0) + 1


async def first_charge(customer):
    tries = {asyncio.ensure_future(charge(customer, delay)) for delay in (0, 0.02)}
    done, _ = await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)  # LC201
    return done.pop().result()


class Race:
    def __init__(self):
        self.ends = 0

    async def run(self, delay):
        await asyncio.sleep(delay)
        self.ends += 1


async def test_the_far_mirror_is_given_up():
    mirrors = Mirrors()
    assert await mirrors.sync(0.01) == 1
    await asyncio.sleep(0.05)
    assert mirrors.copied == ["near"]


async def test_a_customer_is_charged_once():
    await first_charge("ann")
    await asyncio.sleep(0.05)
    assert charged == {"ann": 1}


async def test_one_runner_ends():
    race = Race()
    runs = [asyncio.create_task(race.run(delay)) for delay in (0, 0.02, 0.02)]
    await asyncio.wait(runs, return_when="FIRST_COMPLETED")  # LC201
    await asyncio.sleep(0.05)
    assert race.ends == 1
