import pytest_asyncio
from api import Api
from starlette.applications import Starlette


@pytest_asyncio.fixture
async def api():
    async with Api(Starlette()) as client:
        yield client
