import os
import uuid

import pytest
import pytest_asyncio
from limiter.service import limiting

pytest_plugins = ["loopcheck.servers.fixtures"]


@pytest.fixture(scope="session")
def store_url(request):
    """The Valkey that runs already, or one for this run."""
    return os.environ.get("VALKEY_URL") or request.getfixturevalue("loopcheck_valkey").url


@pytest.fixture
def name():
    """Begins the keys of one test: what others count in the same store is not seen."""
    return f"test-{uuid.uuid4().hex}"


@pytest_asyncio.fixture
async def limiter(store_url, name):
    async with limiting(store_url, most=3, name=name) as limiter:
        limiter.clock = lambda: 0.0
        yield limiter
