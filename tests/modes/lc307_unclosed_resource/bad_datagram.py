"""Of `transport, protocol` the first is to be closed: who counts keeps it, and never does."""

import asyncio

import pytest


class Statistics:
    async def send(self, message: bytes) -> None:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(  # LC307
            asyncio.DatagramProtocol, remote_addr=("127.0.0.1", 9)
        )
        self.transport.sendto(message)


# name: self.transport
@pytest.mark.asyncio
async def test_count():
    await Statistics().send(b"visits:1|c")
