import asyncio
from contextlib import contextmanager

import pytest
import pytest_asyncio


@contextmanager
def container(image):
    yield {"image": image, "ports": [5432]}


@pytest.fixture(scope="session")
def postgres():
    with container("postgres:17") as running:
        yield running


@pytest.fixture(scope="session")
def dsn(postgres):
    return f"postgresql://localhost:{postgres['ports'][0]}/shop"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ready(dsn):
    async with asyncio.timeout(1):
        await asyncio.sleep(0)
    yield f"{dsn} is ready"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def schema(ready):
    yield ["users"]


@pytest_asyncio.fixture(loop_scope="session")
async def database(schema, ready):
    yield [*schema, ready]
