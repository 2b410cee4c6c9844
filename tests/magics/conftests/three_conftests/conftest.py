import pytest
import pytest_asyncio

trail = []


@pytest.fixture(scope="session", autouse=True)
def trail_():
    yield trail
    trail.clear()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def make_user():
    made = []

    async def make(name, **kw):
        made.append(name)
        return {"name": name, **kw}

    yield make
    assert made


@pytest_asyncio.fixture
async def user(make_user):
    return await make_user("root")


@pytest.fixture(params=["EUR", "USD"])
def currency(request):
    return request.param


@pytest_asyncio.fixture
async def basket(user, currency):
    return {"of": user["name"], "in": currency, "level": 0}
