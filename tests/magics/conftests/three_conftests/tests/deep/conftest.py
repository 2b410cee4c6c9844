import pytest_asyncio


@pytest_asyncio.fixture(scope="class", autouse=True)
async def stamp(request):
    request.cls and setattr(request.cls, "stamp", 1)
    yield "s"


@pytest_asyncio.fixture
async def user(user, request):
    return {
        **user,
        "node": request.node.name.split("[")[0],
        "scope": request.scope,
        "fn": request.fixturename,
    }
