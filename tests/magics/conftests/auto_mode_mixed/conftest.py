import pytest
import pytest_asyncio


@pytest.fixture
def url():
    return "http://shop"


@pytest_asyncio.fixture(loop_scope="module")
async def browser(url):
    yield {"url": url}


@pytest.fixture
async def page(browser):
    return {**browser, "title": "Shop"}
