"""A base that is not to run by itself says so, and its class of tests says it, too."""

# name: TestPaper
import pytest


class Letters:
    __test__ = False
    kind = ""

    @pytest.mark.asyncio
    async def test_it_has_a_kind(self):
        assert self.kind


class TestPaper(Letters):  # LC306
    kind = "paper"

    @pytest.mark.asyncio
    async def test_it_burns(self):
        assert self.kind == "stone"


class TestMail(Letters):
    __test__ = True
    kind = "mail"

    @pytest.mark.asyncio
    async def test_it_does_not_burn(self):
        assert self.kind == "mail"
