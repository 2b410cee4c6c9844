"""A sync client calls the hooks in a dict, a context what it gets: each drops the result."""

# name: Log.request | Log.write
# findings: 2
from contextvars import copy_context

import httpx
import pytest


class Log:
    def __init__(self):
        self.lines = []

    async def request(self, request):
        self.lines.append(request.url.path)

    async def write(self, line):
        self.lines.append(line)


def test_hooks():
    log = Log()
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    hooks = {"request": [log.request]}
    with httpx.Client(transport=transport, event_hooks=hooks) as client:  # LC202
        client.get("http://shop/tea")
    assert log.lines == ["/tea"]


@pytest.mark.asyncio
async def test_a_context():
    log = Log()
    copy_context().run(log.write, "tea")  # LC202
    assert log.lines == ["tea"]
