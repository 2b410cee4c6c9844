"""The tables."""

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Entry(Base):
    """One line of a book: so many cents to one account."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str]
    account: Mapped[str]
    cents: Mapped[int]
