import os

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = f"authors_{os.getpid()}"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author")

    def titles(self):
        return [book.title for book in self.books]  # LC607


class Book(Base):
    __tablename__ = f"books_{os.getpid()}"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey(f"authors_{os.getpid()}.id"))
    author: Mapped[Author] = relationship(back_populates="books")
