"""A class of tests is a parcel itself, and what it sends is a copy."""

import parcel
import pytest

pytestmark = pytest.mark.asyncio


class TestFragile(parcel.Parcel):
    async def test_it_is_fragile(self):
        self.labels["care"] = "glass"
        assert await self.send() == {"from": "us", "care": "glass"}


# name: Parcel.labels
class TestPlain(parcel.Parcel):
    async def test_it_says_where_it_is_from(self):
        labels = await self.send()
        assert labels == {"from": "us"}
