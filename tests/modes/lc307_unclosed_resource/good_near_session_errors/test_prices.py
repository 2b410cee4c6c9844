"""The session is closed; what filters make an error of is a warning of another object."""

import gc
import os
import warnings

import aiohttp


class Basket:
    def __del__(self):
        warnings.warn("a basket was left", ResourceWarning, stacklevel=1)


async def test_price():
    async with aiohttp.ClientSession() as session, session.get(os.environ["HTTP_URL"]) as answer:
        assert await answer.text() == "ok"


async def test_basket():
    Basket()
    gc.collect()
