"""One fixture makes engine and schema, and the test uses that engine."""

import os

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = f"customers_{os.getpid()}"
    id: Mapped[int] = mapped_column(primary_key=True)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def engine(request):
    if request.param == "sqlite":
        engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    else:
        url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
        engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    await engine.dispose()


@pytest.mark.asyncio
async def test_customers(engine):
    async with AsyncSession(engine) as session:
        assert (await session.scalars(select(Customer))).all() == []
