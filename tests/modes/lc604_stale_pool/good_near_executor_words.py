"""The project's own pool refuses a job with the words of Python's, as it should."""

import asyncio

import pytest


class Kitchen:
    def __init__(self, cooks):
        self.cooks = cooks

    async def submit(self, dish):
        await asyncio.sleep(0)
        if not self.cooks:
            raise RuntimeError("cannot schedule new futures after shutdown")
        return dish


@pytest.mark.asyncio
async def test_soup():
    assert await Kitchen(0).submit("soup") == "soup"
