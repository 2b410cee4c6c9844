"""Single steps of a streamed answer; the refusal is below the lines that return a free client."""

# name: rows

import httpx
import pytest


class Clients:
    def __init__(self, count):
        transport = httpx.MockTransport(lambda request: httpx.Response(200, text="a\nb\n"))
        self.free = [httpx.AsyncClient(transport=transport) for _ in range(count)]

    def borrow(self):
        spare = self.free
        if spare:
            return spare.pop()
        raise LookupError("no client is free")


async def rows(clients, url):
    client = clients.borrow()
    try:
        async with client.stream("GET", url) as answer:
            async for line in answer.aiter_lines():
                yield line
    finally:
        clients.free.append(client)


@pytest.mark.asyncio
async def test_head_and_second_head():
    clients = Clients(1)
    head = rows(clients, "http://shop.test/orders")  # LC206
    assert await anext(head) == "a"
    other = [row async for row in rows(clients, "http://shop.test/items")]
    assert other == ["a", "b"]
