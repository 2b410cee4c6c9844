import mailer
import pytest


# name: send
@pytest.mark.asyncio
async def test_all_get_their_mail():
    await mailer.send_all(["ann@farm", "ben@höfe"])
    assert len(mailer.SENT) == 2
