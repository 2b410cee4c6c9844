import asyncio
import os
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from ledger.book import Book
from ledger.db import connect, make_tables
from sqlalchemy import make_url

pytest_plugins = ["loopcheck.servers.fixtures"]


async def tell(server, words):
    connection = await asyncpg.connect(server)
    await connection.execute(words)
    await connection.close()


@pytest.fixture(scope="session")
def database(request, tmp_path_factory):
    """The address of a new database, which is gone after the run."""
    server = os.environ.get("DATABASE_URL") or request.getfixturevalue("loopcheck_postgres").url
    if server.startswith("sqlite"):  # no PostgreSQL on this machine
        yield make_url(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('db') / 'ledger.db'}")
        return
    name = f"ledger_{uuid4().hex[:8]}"
    asyncio.run(tell(server, f"create database {name}"))
    yield make_url(server).set(drivername="postgresql+asyncpg", database=name)
    asyncio.run(tell(server, f"drop database {name} with (force)"))


@pytest.fixture(scope="session")
def tables(database):
    asyncio.run(make_tables(database))


@pytest_asyncio.fixture(scope="session")
async def engine(database, tables):
    engine = connect(database)
    yield engine
    await engine.dispose()


@pytest.fixture
def book(engine, request):
    """Each test has a book of its own, so that none sees the money of another."""
    return Book(engine, request.node.name)
