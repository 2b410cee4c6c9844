import sqlite3

import pytest
import pytest_asyncio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shop.db"


@pytest.fixture
def connection(request, path, audit):
    connection = sqlite3.connect(path)
    request.addfinalizer(connection.close)
    connection.execute("create table users (name text)")
    return connection


@pytest_asyncio.fixture
async def audit(request):
    lines = []
    request.addfinalizer(lines.clear)
    return lines
