"""Assertions about what ran beside an error: it was over before, was meant to, or was not there."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Crawl:
    def __init__(self):
        self.pages, self.failures = [], []

    async def fail(self, url):
        await asyncio.sleep(0.01)
        raise LookupError(url)

    async def fetch(self, url):
        await asyncio.sleep(0)
        self.pages.append(url)


async def test_a_list_of_all_results():
    crawl = Crawl()
    jobs = [crawl.fail("/gone"), crawl.fetch("/")]
    crawl.failures = await asyncio.gather(*jobs, return_exceptions=True)
    await asyncio.sleep(0)
    assert crawl.pages == []


async def test_a_group_ends_the_others():
    crawl = Crawl()
    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.TaskGroup() as group:
            for job in [crawl.fail("/gone"), crawl.fetch("/")]:
                group.create_task(job)
    await asyncio.sleep(0)
    assert crawl.pages == [], raised.value


async def test_the_pages_were_fetched_before():
    crawl = Crawl()
    await crawl.fetch("/")
    with pytest.raises(LookupError) as raised:
        await asyncio.gather(*[crawl.fail("/gone"), crawl.fail("/lost")])
    await asyncio.sleep(0)
    assert crawl.pages == [], raised.value


async def test_another_thing_is_checked():
    crawl = Crawl()
    try:
        await asyncio.gather(*[crawl.fail("/gone"), crawl.fetch("/")])
    except LookupError as error:
        crawl.failures.append(error)
    await asyncio.sleep(0)
    assert crawl.failures == []


async def test_they_should_have_gone_on():
    crawl = Crawl()
    try:
        await asyncio.gather(*[crawl.fail("/gone"), crawl.fetch("/")])
    except LookupError as error:
        crawl.failures.append(error)
    await asyncio.sleep(0)
    assert crawl.pages == ["/", "/"]
