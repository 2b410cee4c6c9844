import pytest
import pytest_asyncio


@pytest.fixture(name="settings", scope="session")
def fixture_settings():
    return {"pool": 2}


@pytest_asyncio.fixture(name="db")
async def fixture_db(settings):
    yield {"size": settings["pool"]}
