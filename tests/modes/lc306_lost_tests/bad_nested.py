"""One indentation too deep."""

# name: test_remove
import pytest


class TestCart:
    @pytest.mark.asyncio
    async def test_add(self):
        items = ["bread"]
        assert items

        @pytest.mark.asyncio
        async def test_remove(self):  # LC306
            assert not ["bread"]


def test_other():
    assert True
