"""The class is patched with its spec, and the spec says a plain `def`: it returns a coroutine."""

from unittest.mock import patch

import pytest
import weather


@pytest.fixture
def source():
    with patch("weather.forecasts.Source", autospec=True) as source:  # LC401
        source.return_value.today.return_value = "rain"
        yield source


# name: source().today
async def test_line(source):
    assert await weather.Report().line("Bergen") == "Bergen: rain"
