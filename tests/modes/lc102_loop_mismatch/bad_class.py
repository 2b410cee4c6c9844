"""The tests of a class share its loop; the one outside has a loop of its own."""

# name: flights
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="module")
def flights():  # LC102
    return valkey.from_url(os.environ["VALKEY_URL"])


@pytest.mark.asyncio(loop_scope="class")
class TestArrivals:
    async def test_flight_is_announced(self, flights):
        assert await flights.set("flight:LC102", "on time")

    @pytest.mark.asyncio(loop_scope="function")
    async def test_flight_is_listed(self, flights):
        assert await flights.get("flight:LC102") == b"on time"
