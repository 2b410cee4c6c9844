"""A server in a thread prints the error of its handler, and the test gets no answer."""

# name: do_GET
import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PRICES = {"/fig": "3"}


class Prices(BaseHTTPRequestHandler):
    def do_GET(self):
        price = PRICES[self.path]  # LC205
        self.send_response(200)
        self.end_headers()
        self.wfile.write(price.encode())


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Prices)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.asyncio
async def test_a_price(server):
    reader, writer = await asyncio.open_connection(*server.server_address)
    writer.write(b"GET /plum HTTP/1.0\r\n\r\n")
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert b"200" in answer
