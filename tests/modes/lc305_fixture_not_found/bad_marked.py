"""A mark of the module asks for a fixture whose name is misspelt."""

# name: clean_databse
import pytest

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.usefixtures("clean_databse"),  # LC305
]


@pytest.fixture
def clean_database():
    yield


class TestOrders:
    async def test_none(self):
        assert not []
