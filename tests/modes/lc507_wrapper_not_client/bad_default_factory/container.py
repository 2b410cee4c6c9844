from dataclasses import dataclass, field
from typing import Any

import fakeredis


async def connect():
    client = fakeredis.FakeAsyncValkey(decode_responses=True)
    await client.ping()
    return client


@dataclass
class Container:
    valkey: Any = field(default_factory=connect)  # LC507


class Flags:
    def __init__(self, container):
        self.kv = container.valkey

    async def enabled(self, name):
        return await self.kv.sismember("flags", name)
