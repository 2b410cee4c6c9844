import pytest
import pytest_asyncio


@pytest.fixture
def currency():
    return "CHF"


@pytest_asyncio.fixture
async def user(user, make_user):
    return await make_user(f"{user['name']}/one", parent=user["name"])


@pytest_asyncio.fixture
async def basket(basket):
    yield {**basket, "level": basket["level"] + 1}
