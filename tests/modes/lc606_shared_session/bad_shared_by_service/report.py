import asyncio

from sqlalchemy import text


class Numbers:
    def __init__(self, session):
        self.session = session

    async def one(self, number):
        return await self.session.scalar(text(f"select {number}"))


class Report:
    def __init__(self, numbers):
        self.numbers = numbers

    async def both(self):
        jobs = [self.numbers.one(1), self.numbers.one(2)]
        return await together(jobs)  # LC606


async def together(jobs):
    return await asyncio.gather(*jobs)
