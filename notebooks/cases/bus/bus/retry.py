"""Tries again, later and later."""

import asyncio

PAUSES = (0.1, 1, 10)  # seconds
LOST = (ConnectionError, asyncio.CancelledError)  # a call that broke off


async def deliver(handler, event):
    """Give *event* to *handler*. If the call breaks off, try again after each pause."""
    for pause in PAUSES:
        try:
            return await handler(event)
        except LOST:
            await asyncio.sleep(pause)
    return await handler(event)
