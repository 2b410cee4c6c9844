"""The headers in a class's defaults are added to by one test, and counted by the next."""

# name: TestCalls.DEFAULTS['headers']
import pytest


class TestCalls:
    DEFAULTS = {"timeout": 3, "headers": {"accept": "json"}}  # LC308

    @pytest.mark.asyncio
    async def test_a_call_that_signs(self):
        call = dict(self.DEFAULTS)
        call["headers"]["authorization"] = "abc"
        assert call["headers"]["accept"] == "json"

    @pytest.mark.asyncio
    async def test_a_call_that_does_not_sign(self):
        call = dict(self.DEFAULTS)
        assert call["headers"] == {"accept": "json"}
