"""One name, one test; classes without a constructor."""

import pytest


@pytest.mark.asyncio
async def test_login():
    assert "ada"


@pytest.mark.asyncio
async def test_login_again():
    assert "ada"


class TestUser:
    @pytest.fixture(autouse=True)
    def make(self):
        self.name = "ada"

    @pytest.mark.asyncio
    async def test_name(self):
        assert self.name == "ada"
