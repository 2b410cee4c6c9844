"""The scanner's own limit ends the wait; the clean-up waits for the page's end, until the alarm."""

import asyncio

import pytest


class Scanner:
    def __init__(self):
        self.pages, self.page_is_out = asyncio.Queue(), asyncio.Event()

    def feed(self, page):
        self.pages.put_nowait(page)
        self.page_is_out.set()

    async def scan(self):
        try:
            async with asyncio.timeout(0.3):
                return await self.pages.get()  # LC203
        finally:
            await self.page_is_out.wait()


# name: scanner.pages
@pytest.mark.asyncio
async def test_a_page_is_scanned():
    scanner = Scanner()
    assert await scanner.scan() == "page one"
