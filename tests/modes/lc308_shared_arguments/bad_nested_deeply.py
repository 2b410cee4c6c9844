"""A fixture gives a new dict for each test, and in it the same list as ever."""

# name: PAGE['filters']['status']
import pytest

PAGE = {"filters": {"status": ["open"]}, "limit": 10}  # LC308


class Query:
    def __init__(self, options):
        self.options = options

    async def only(self, status):
        self.options["filters"]["status"][:] = [status]
        return self

    async def run(self):
        return self.options["filters"]["status"]


@pytest.fixture
def options():
    return dict(PAGE)


@pytest.mark.asyncio
async def test_closed(options):
    assert await (await Query(options).only("closed")).run() == ["closed"]


@pytest.mark.asyncio
async def test_open(options):
    assert await Query(options).run() == ["open"]
