"""A test asserts that a stopped service no longer serves; `shutdown` counts, and closes nothing."""

# name: gate.server

import asyncio

import pytest


class Base:
    closed = 0

    async def shutdown(self):  # LC307
        self.closed += 1


class Gate(Base):
    async def start(self):
        self.server = await asyncio.start_server(self.greet, "127.0.0.1", 0)

    async def greet(self, reader, writer):
        writer.close()


@pytest.mark.asyncio
async def test_a_gate_serves_until_it_is_shut_down():
    gate = Gate()
    await gate.start()
    assert gate.server.is_serving()
    await asyncio.wait_for(gate.shutdown(), 5)
    assert not gate.server.is_serving()
