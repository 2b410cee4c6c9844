"""A flush asked for within a flush, by one task: nobody shares anything."""

import pytest
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guests"
    name: Mapped[str] = mapped_column(primary_key=True)


@event.listens_for(Guest, "after_insert")
def save_all(mapper, connection, guest):
    Session.object_session(guest).flush()


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_a_guest_comes(session):
    session.add(Guest(name="ada"))
    await session.flush()
