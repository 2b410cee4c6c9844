"""A book: its accounts, and the money that moves between them."""

import asyncio
from collections import defaultdict

from sqlalchemy import func, select

from ledger.db import session
from ledger.models import Entry


class Overdrawn(Exception):
    """The account has less than the posting takes."""


class Book:
    def __init__(self, engine, name):
        self.engine, self.name = engine, name
        self.locks = defaultdict(asyncio.Lock)  # one for each account

    async def post(self, **cents):
        """Write all the lines down, or none of them."""
        async with session(self.engine, self.name) as db:
            for account, amount in cents.items():
                db.add(Entry(book=self.name, account=account, cents=amount))
            await db.commit()

    async def balance(self, account):
        mine = (Entry.book == self.name, Entry.account == account)
        async with session(self.engine, self.name) as db:
            total = await db.scalar(select(func.sum(Entry.cents)).where(*mine))
        return total or 0

    async def split(self, bill, *people):
        """Let everybody pay the same; the first ones pay the cents that are left."""
        share, rest = divmod(bill, len(people))
        owed = {who: -share - (place < rest) for place, who in enumerate(people)}
        await self.post(bills=bill, **owed)

    async def transfer(self, giver, taker, cents):
        async with self.locks[giver]:
            if await self.balance(giver) < cents:
                raise Overdrawn(giver)
            async with self.locks[taker]:
                await self.post(**{giver: -cents, taker: cents})
