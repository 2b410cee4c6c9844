"""The engine's rows stay after each commit; a `like` finds those of both tests."""

# name: engine

import pytest
import pytest_asyncio
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guests"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine():  # LC505
    made = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with made.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield made
    await made.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def session(engine):
    async with AsyncSession(engine) as opened:
        yield opened
        await opened.rollback()


async def invite(session, *names):
    session.add_all([Guest(name=name) for name in names])
    await session.commit()


async def found(session, pattern):
    return sorted(await session.scalars(select(Guest.name).where(Guest.name.like(pattern))))


@pytest.mark.asyncio(loop_scope="module")
async def test_one_a(session):
    await invite(session, "Ada", "Bob")
    assert await found(session, "A%") == ["Ada"]


@pytest.mark.asyncio(loop_scope="module")
async def test_another_a(session):
    await invite(session, "Amy", "Cid")
    assert await found(session, "A%") == ["Amy"]
