"""aiohttp's session and its `get` are both entered; the code makes an error of its own of it."""

from unittest.mock import AsyncMock, patch

from news import both, headlines


# name: session.get | get | aiohttp.ClientSession.get
# findings: 2
async def test_headlines():
    with patch("news.aiohttp.ClientSession.get", AsyncMock()) as get:  # LC410
        get.return_value.json.return_value = ["rain"]
        assert await headlines("http://feed.example") == ["rain"]


async def test_both():
    session = AsyncMock()  # LC410
    assert len(await both(session, "a", "b")) == 2
