"""Where rates come from."""

import os

from valkey.asyncio import Valkey


async def connect():
    return Valkey(host="127.0.0.1", port=int(os.environ.get("RATES_PORT", "1")))
