"""The row of a task that still runs is missing, and both sides only share the table's name."""
# name: write

import asyncio

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///sales.db")  # one connection for each session
make_session = async_sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Sale(Base):
    __tablename__ = "sale"
    fruit: Mapped[str] = mapped_column(String, primary_key=True)


async def write(fruit):
    await asyncio.sleep(0.1)
    async with make_session() as session:
        session.add(Sale(fruit=fruit))
        await session.commit()


async def count():
    async with make_session() as session:
        return await session.scalar(select(func.count(Sale.fruit)))


@pytest.mark.asyncio
async def test_one_sale():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    task = asyncio.create_task(write("plum"))
    await asyncio.sleep(0)
    assert await count() == 1  # LC208
    await task
