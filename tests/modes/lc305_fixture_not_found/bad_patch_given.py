"""The patch was told what to put there, and hands nothing over: pytest looks for a fixture."""

# name: save
import asyncio
from unittest.mock import Mock, patch


@patch("asyncio.iscoroutine", Mock(return_value=True))
def test_saved(save):  # LC305
    assert asyncio.iscoroutine(7)
    save.assert_called_once()
