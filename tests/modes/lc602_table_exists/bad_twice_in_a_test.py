"""A test makes its table twice and leaves it: who comes later is told of the one that made it."""

# name: badges
# findings: 2
import os

import asyncpg
import pytest
import pytest_asyncio

OWN = f"twice_{os.getpid()}"


@pytest_asyncio.fixture
async def connection():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    await connection.execute(f"create schema if not exists {OWN}")
    await connection.execute(f"set search_path = {OWN}")
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def clean():
    yield
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    await connection.execute(f"drop schema if exists {OWN} cascade")
    await connection.close()


@pytest.mark.asyncio
async def test_badge(connection):
    await connection.execute("create table badges (id int)")  # LC602
    await connection.execute("create table badges (id int)")  # LC602


@pytest.mark.asyncio
async def test_badges_of_two(connection):
    await connection.execute("create table badges (id int)")
