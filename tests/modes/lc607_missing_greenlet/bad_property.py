"""A property of the model reads a relationship, and pydantic reads the property."""

# name: Team.size
import pytest
import pytest_asyncio
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Player(Base):
    __tablename__ = "players"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    players: Mapped[list[Player]] = relationship()

    @property
    def size(self):
        return len(self.players)


class TeamOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    size: int


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        session.add(Team(id=1, players=[Player(id=1)]))
        await session.commit()
        session.expunge_all()
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_size(session):
    team = (await session.scalars(select(Team))).one()
    assert TeamOut.model_validate(team).size == 1  # LC607
