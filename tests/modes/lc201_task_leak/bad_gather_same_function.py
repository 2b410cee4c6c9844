"""Pages are fetched by one function; a page that fails does not stop the others."""

# name: Crawl.fetch

import asyncio
import unittest


class Crawl:
    def __init__(self):
        self.pages, self.failure = {}, None

    async def fetch(self, url):
        if url == "/gone":
            raise LookupError(url)
        await asyncio.sleep(0.01)
        self.pages[url] = "…"

    async def run(self, urls):
        try:
            await asyncio.gather(*[self.fetch(url) for url in urls])  # LC201
        except LookupError as error:
            self.failure = error


class CrawlTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_page_that_is_gone_ends_the_crawl(self):
        crawl = Crawl()
        await crawl.run(["/", "/gone", "/about"])
        self.assertIsNotNone(crawl.failure)
        await asyncio.sleep(0.05)
        self.assertEqual(crawl.pages, {})
