"""One of the gathered fails, and the others go on: nobody ends what `gather` has started."""

import asyncio

import pytest


async def probe(host, delay):
    await asyncio.sleep(delay)
    if host == "down":
        raise ConnectionError(host)
    return host


async def probe_all(hosts):
    return await asyncio.gather(*(probe(host, delay) for host, delay in hosts))  # LC201


async def fastest(hosts):
    tasks = [asyncio.create_task(probe(host, delay)) for host, delay in hosts]
    done, late = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return done.pop().result()


# name: probe
@pytest.mark.asyncio
async def test_one_is_down():
    with pytest.raises(ConnectionError):
        await probe_all([("down", 0.001), ("up", 3)])
