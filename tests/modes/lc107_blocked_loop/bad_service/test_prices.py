import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prices import Prices


class Slow(BaseHTTPRequestHandler):
    def do_GET(self):
        threading.Event().wait(0.3)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"12")


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"


# name: requests.get
async def test_latest_price(server):
    assert await Prices(server).latest() == "12"
