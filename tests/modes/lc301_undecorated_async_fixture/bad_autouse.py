"""Nobody asks for it, and every test of the module fails."""

# name: clean
import pytest


@pytest.fixture(autouse=True)
async def clean():  # LC301
    yield


def test_synchronous():
    pass


@pytest.mark.asyncio
async def test_asynchronous():
    pass


class TestShop:
    def test_in_a_class(self):
        pass
