from sqlalchemy import Column, Integer, MetaData, select
from sqlalchemy.orm import declarative_base

metadata = MetaData()
Model = declarative_base(metadata=metadata)


class Book(Model):
    __tablename__ = "books"
    id = Column(Integer, primary_key=True)


async def numbers(session):
    return list(await session.scalars(select(Book.id)))
