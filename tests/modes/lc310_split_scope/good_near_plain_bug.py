"""The end of a fixture fails for a plain reason, below a scope that is opened and closed there."""

import anyio
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def basket():
    found = ["apple"]
    yield found
    with anyio.fail_after(5):
        await anyio.sleep(0)
        assert found == ["apple"], "the test changed it"


@pytest.mark.asyncio
async def test_basket(basket):
    basket.append("pear")
