import pytest_asyncio


@pytest_asyncio.fixture
async def make_user():
    made = []

    async def make(name="ada", **extra):
        made.append({"name": name, **extra})
        return made[-1]

    yield make
    made.clear()


@pytest_asyncio.fixture
async def make_order(make_user):
    async def make(*items):
        return {"user": await make_user(admin=True), "items": list(items)}

    return make


@pytest_asyncio.fixture
async def cart(make_order):
    return await make_order("apples", "pears")
