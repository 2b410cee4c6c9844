"""Servers of the test's own limits: they answer, only later than the test waits."""

import asyncio
import socket
import threading

import pytest

pytestmark = pytest.mark.asyncio


async def ask(address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"hello\n")
    async with asyncio.timeout(0.2):
        return await reader.readline()


async def test_a_server_that_sleeps():
    async def answer(reader, writer):
        await reader.readline()
        await asyncio.sleep(0.4)
        writer.write(b"HELLO\n")

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        assert await ask(server.sockets[0].getsockname()) == b"HELLO\n"


async def test_a_server_that_asks_a_thread():
    gate = threading.Event()

    async def answer(reader, writer):
        await reader.readline()
        await asyncio.to_thread(gate.wait, 0.4)
        writer.write(b"HELLO\n")

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        try:
            assert await ask(server.sockets[0].getsockname()) == b"HELLO\n"
        finally:
            gate.set()


async def test_a_server_in_a_thread():
    gate = threading.Event()

    def answer():
        call, _ = server.accept()
        with call:
            call.recv(6)
            gate.wait(5)
            call.sendall(b"HELLO\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            assert await ask(server.getsockname()) == b"HELLO\n"
        finally:
            gate.set()
            thread.join()
