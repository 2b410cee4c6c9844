"""The code commits: the rollback of the fixture takes nothing away."""

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine():  # LC505
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def session(engine):
    async with async_sessionmaker(engine)() as session:
        yield session
        await session.rollback()


async def sign_up(session, name):
    session.add(User(name=name))
    await session.commit()


@pytest.mark.asyncio(loop_scope="module")
async def test_signs_up(session):
    await sign_up(session, "ada")


# name: engine
@pytest.mark.asyncio(loop_scope="module")
async def test_one_user(session):
    await sign_up(session, "eve")
    count = (await session.execute(select(func.count()).select_from(User))).scalar()
    assert count == 1


# name: engine
@pytest.mark.asyncio(loop_scope="module")
async def test_signs_up_again(session):
    await sign_up(session, "ada")
