"""Every connection of a `NullPool` to `:memory:` is a database of its own."""

# name: users
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)


@pytest_asyncio.fixture
async def engine():  # LC601
    engine = create_async_engine("sqlite+aiosqlite:///:memory:", poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_users(engine):
    async with AsyncSession(engine) as session:
        assert (await session.scalars(select(User))).all() == []
