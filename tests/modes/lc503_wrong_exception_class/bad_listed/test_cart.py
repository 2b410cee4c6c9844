"""The store goes away; the client's own ConnectionError is not among those listed."""

# name: RETRYABLE
import fakeredis
from retry import twice


async def test_a_cart_is_read():
    server = fakeredis.FakeServer()
    async with fakeredis.FakeAsyncRedis(server=server) as client:
        server.connected = False
        assert await twice(client.randomkey) is None
