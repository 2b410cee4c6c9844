"""Who says `__test__ = False` for itself means it, and so does a base of others that run."""

import pytest
from stamps import TestStamps


class TestLetters:
    __test__ = False

    @pytest.mark.asyncio
    async def test_it_burns(self):
        assert True


class TestPaper(TestLetters):
    @pytest.mark.asyncio
    async def test_it_is_thin(self):
        assert True


class TestBluePaper(TestPaper):
    __test__ = True


class TestRed(TestStamps):
    __test__ = True

    @pytest.mark.asyncio
    async def test_it_is_red(self):
        assert True
