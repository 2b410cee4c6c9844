"""unittest's habit of naming, without its class."""

# name: UserTests
import pytest


class UserTests:  # LC306
    @pytest.fixture(autouse=True)
    def make(self):
        self.name = "ada"

    async def test_name(self):
        assert self.name == "emmy"

    async def test_upper(self):
        assert self.name.upper() == "EMMY"


class TestGroup:
    async def test_size(self):
        assert len(["ada"]) == 1
