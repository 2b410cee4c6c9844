from models import Post
from sqlalchemy import select


async def titles(sessions):
    async with sessions() as session:
        return list(await session.scalars(select(Post.title)))
