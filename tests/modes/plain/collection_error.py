"""The module itself cannot be imported."""

import asyncio

orders = asyncio.Queue()
raise RuntimeError("the shop is not configured")
