"""Servers that answer late: in the same loop, in a thread, in a child that calls back."""

# options: --loopcheck-hang=1.5

import asyncio
import socket
import subprocess
import sys
import threading
import time

import pytest

pytestmark = pytest.mark.asyncio


async def ask(address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"?\n")
    said = await reader.readline()
    writer.close()
    return said


async def test_same_loop():
    async def answer(reader, writer):
        await reader.readline()
        await asyncio.sleep(2.6)
        writer.write(b"!\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        assert await ask(server.sockets[0].getsockname()) == b"!\n"


async def test_thread():
    def answer():
        call, _ = server.accept()
        with call:
            call.recv(2)
            time.sleep(1.6)
            call.sendall(b"!\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, daemon=True).start()
        assert await ask(server.getsockname()) == b"!\n"


async def test_child_calls_back():
    called = asyncio.Event()

    async def note(reader, writer):
        called.set()
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        code = (
            f"import socket, time; time.sleep(1.6); socket.create_connection(('127.0.0.1', {port}))"
        )
        child = subprocess.Popen([sys.executable, "-c", code])
        await called.wait()
        child.wait()
