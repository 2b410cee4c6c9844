"""A lambda stands for an `async def`, and asyncio is handed what it gives at once."""

# name: made.fetch

import asyncio

import pytest


class Crawler:
    async def fetch(self, url):
        raise OSError("no network")

    async def crawl(self, *urls):
        return await asyncio.gather(*[self.fetch(url) for url in urls])


@pytest.fixture
def crawler(monkeypatch):
    made = Crawler()
    monkeypatch.setattr(made, "fetch", lambda url: f"<{url}>")  # LC401
    return made


@pytest.mark.asyncio
async def test_two_pages(crawler):
    assert await crawler.crawl("a", "b") == ["<a>", "<b>"]
