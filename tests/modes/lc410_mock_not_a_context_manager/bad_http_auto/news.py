import logging
from contextlib import AsyncExitStack

import aiohttp


class FeedError(Exception):
    """The feed could not be read."""


async def headlines(url):
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(url) as response:
                return await response.json()
        except TypeError as error:
            logging.warning("no feed: %s", error)
            raise FeedError(url) from error


async def both(session, *urls):
    async with AsyncExitStack() as stack:
        return [await stack.enter_async_context(session.get(url)) for url in urls]
