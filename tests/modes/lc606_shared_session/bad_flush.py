"""Two tasks save with one session: the second is refused its flush, in words about flushing."""

# name: session
import asyncio

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guests"
    name: Mapped[str] = mapped_column(primary_key=True)


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()


async def check_in(session, name):
    session.add(Guest(name=name))
    await session.flush()


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore:Usage of the 'Session.add")
async def test_both_come(session):
    await asyncio.gather(check_in(session, "ada"), check_in(session, "eve"))  # LC606
