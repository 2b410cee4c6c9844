from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Database:
    def __init__(self, url):
        self.engine = create_async_engine(url)
        self.sessions = async_sessionmaker(self.engine)

    def session(self) -> AsyncSession:
        return self.sessions()


async def level(session, item):
    row = await session.execute(text("select 3"))
    return row.scalar_one()
