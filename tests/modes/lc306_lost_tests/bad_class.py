"""Two classes of one name: all the tests of the first are gone."""

# name: TestCart
import pytest


class TestCart:  # LC306
    def test_empty(self):
        assert [] == [1]

    @pytest.mark.asyncio
    async def test_add(self):
        assert [] == [2]


class TestCart:  # noqa: F811
    def test_remove(self):
        assert [1][1:] == []
