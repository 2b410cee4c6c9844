"""`sessions.begin()` commits in a task of SQLAlchemy's own, on behalf of a helper of two tests."""

# name: sessions
import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sessions(tmp_path_factory):  # LC505
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('m')}/m.db")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield async_sessionmaker(engine)
    await engine.dispose()


async def join(sessions, name):
    async with sessions.begin() as session:
        session.add(Member(email=f"{name}@club"))


async def test_joining(sessions):
    await join(sessions, "ada")


async def test_counted(sessions):
    await join(sessions, "bea")
    async with sessions() as session:
        assert await session.scalar(select(func.count(Member.id))) == 1
