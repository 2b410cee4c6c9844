from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


engine = create_async_engine("sqlite+aiosqlite://")  # LC601


async def count():
    async with AsyncSession(engine) as session:
        return len((await session.scalars(select(Order))).all())
