"""The engine of the application, and a session for each request."""

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)  # LC601
sessions = async_sessionmaker(engine)


async def get_session():
    async with sessions() as session:
        yield session
