"""The profile is still None where the test asks for a part of it."""

# name: Session._load

import asyncio

import pytest
import pytest_asyncio


class Session:
    def __init__(self, who):
        self.who, self.profile = who, None

    async def _load(self):
        await asyncio.sleep(0.05)
        self.profile = {"name": self.who.title()}

    def login(self):
        self.loading = asyncio.create_task(self._load())


@pytest_asyncio.fixture
async def session():
    session = Session("mia")
    session.login()
    yield session
    await session.loading


@pytest.mark.asyncio
async def test_name(session):
    assert session.profile["name"] == "Mia"  # LC208
