"""The fake server's thread has answered, and waits for the next call: it will bring no more."""

# name: wire
import asyncio
import socketserver
import threading

import pytest
import pytest_asyncio


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Wire:
    async def open(self, port):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.answer = None
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        while line := await self.reader.readline():
            self.answer.set_result(line)

    async def ask(self, line):
        self.answer = asyncio.get_running_loop().create_future()
        self.writer.write(line)
        return await asyncio.wait_for(self.answer, 0.3)


@pytest.fixture(scope="module")
def port():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever).start()
        yield server.server_address[1]
        server.shutdown()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wire(port):  # LC106
    wire = Wire()
    await wire.open(port)
    yield wire
    wire.writer.close()
    await wire.reading


@pytest.mark.asyncio
async def test_it_echoes(wire):
    assert await wire.ask(b"six\n") == b"six\n"
