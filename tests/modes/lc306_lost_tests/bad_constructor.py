"""Set up in a constructor, as in other languages. The warning says nothing of the tests."""

# name: TestUser
import pytest


class TestUser:  # LC306
    def __init__(self):
        self.name = "ada"

    @pytest.mark.asyncio
    async def test_name(self):
        assert self.name == "emmy"

    @pytest.mark.asyncio
    async def test_length(self):
        assert len(self.name) == 5


def test_something_else():
    assert True
