"""A class takes the function as a default when its module is imported."""

# name: feeds.Reader
from unittest import IsolatedAsyncioTestCase
from unittest.mock import AsyncMock, patch

from feeds import Reader


class ReaderTest(IsolatedAsyncioTestCase):
    async def test_a_feed(self):
        with patch("feeds.download", AsyncMock(return_value="fake")):  # LC404
            self.assertEqual(await Reader("news").read(), "FAKE")
