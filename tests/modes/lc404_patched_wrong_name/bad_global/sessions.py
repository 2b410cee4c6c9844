"""A global that `init_client` sets."""

from valkey.asyncio import Valkey

client = None


async def init_client(url):
    global client
    client = Valkey.from_url(url)


async def save(sid, user):
    await client.hset(f"session:{sid}", mapping={"user": user})
