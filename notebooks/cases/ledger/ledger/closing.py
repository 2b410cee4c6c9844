"""The end of a month: what was in each account is written down, and stays so."""

from contextlib import AsyncExitStack

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ledger.db import session


class Base(DeclarativeBase):
    pass


class Closing(Base):
    """What one account came to in one month."""

    __tablename__ = "closings"

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str]
    month: Mapped[str]
    account: Mapped[str]
    cents: Mapped[int]


async def close(book, month, *accounts):
    """Write down what is in these accounts; no money moves meanwhile."""
    async with AsyncExitStack() as held, session(book.engine, book.name) as db:
        for account in sorted(accounts):
            await held.enter_async_context(book.locks[account])
            cents = await book.balance(account)
            db.add(Closing(book=book.name, month=month, account=account, cents=cents))
        await db.commit()


async def closed(book, month):
    """Return what was in each account."""
    mine = (Closing.book == book.name, Closing.month == month)
    async with session(book.engine, book.name) as db:
        rows = await db.execute(select(Closing.account, Closing.cents).where(*mine))
    return dict(rows.all())
