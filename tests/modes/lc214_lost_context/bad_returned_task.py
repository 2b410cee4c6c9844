"""The page loads its user and its news at once. The greeting is that of nobody."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass

import pytest

user = ContextVar("user", default="nobody")


@dataclass
class Page:
    title: str
    greeting: str


class Site:
    async def load_user(self, name):
        await asyncio.sleep(0)
        user.set(name)

    async def page(self, name):
        await asyncio.gather(self.load_user(name), asyncio.sleep(0))  # LC214
        return Page(title="News", greeting=await self.greet())

    async def greet(self):
        return f"Hello {user.get()}"


# name: user
@pytest.mark.asyncio
async def test_the_page_greets_its_user():
    page = await Site().page("ada")
    assert page.title == "News"
    assert page.greeting == "Hello ada"
