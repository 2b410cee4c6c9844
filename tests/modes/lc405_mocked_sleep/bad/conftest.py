from unittest.mock import AsyncMock, patch

import pytest


@pytest.fixture
def no_pause():
    with patch("feed.asyncio.sleep", new_callable=AsyncMock):  # LC405
        yield
