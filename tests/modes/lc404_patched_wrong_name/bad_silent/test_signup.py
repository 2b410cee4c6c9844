"""Nothing is raised: the real one did its work, under another name, and the mock met no call."""

# name: shop.signup.send_mail
# findings: 2

from unittest.mock import AsyncMock, patch

import pytest
from shop.signup import SignUp

pytestmark = pytest.mark.asyncio


async def test_a_mail_is_sent():
    with patch("shop.mailer.send", AsyncMock(return_value={"sent": True})) as send:  # LC404
        assert await SignUp().register("ada@example.org")
        send.assert_awaited_once()


async def test_a_mail_is_lost():
    with patch("shop.mailer.send", AsyncMock(return_value={"sent": False})):  # LC404
        sent = await SignUp().register("ada@example.org")
    assert sent is False
