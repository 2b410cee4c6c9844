"""A fixture of a plugin that is not there, asked for by a fixture of two tests."""

# name: mocker
import pytest


@pytest.fixture
def clock(mocker):  # LC305
    return mocker.patch("time.time", return_value=0)


@pytest.mark.asyncio
async def test_midnight(clock):
    assert clock() == 0


@pytest.mark.asyncio
async def test_midnight_again(clock):
    assert clock() == 0
