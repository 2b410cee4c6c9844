from contextlib import AsyncExitStack

import pytest
import pytest_asyncio


@pytest.fixture(params=["a", "b"])
def currency(currency, request):
    return currency + request.param


@pytest_asyncio.fixture
async def stack():
    async with AsyncExitStack() as s:
        yield s


@pytest_asyncio.fixture
async def basket(basket, stack, user):
    stack.callback(lambda: None)
    return {**basket, "level": basket["level"] + 1, "user": user}
