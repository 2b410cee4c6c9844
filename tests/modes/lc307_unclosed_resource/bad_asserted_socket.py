"""A test asserts that the `async with` block ends the socket: `__aexit__` leaves it open."""

# name: probe.sock

import socket

import pytest


class Probe:
    async def __aenter__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.active = True
        return self

    async def __aexit__(self, *error):  # LC307
        self.active = False

    async def ping(self):
        return self.sock.getsockname()


@pytest.mark.asyncio
async def test_a_probe_leaves_no_socket():
    async with Probe() as probe:
        await probe.ping()
    assert not probe.active
    assert probe.sock.fileno() == -1
