"""Sends to all at once: one wrong address is not to keep the others from their mail."""

import asyncio

SENT = []


async def send(address):
    name, _, host = address.partition("@")
    await asyncio.sleep(0)
    SENT.append((name, host.encode("ascii")))


async def send_all(addresses):
    jobs = [send(one) for one in addresses]
    async with asyncio.timeout(5):
        await asyncio.gather(*jobs, return_exceptions=True)  # LC205
