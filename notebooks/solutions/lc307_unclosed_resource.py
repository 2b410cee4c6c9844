"""LC307 unclosed-resource: the solution of the exercise, why it works, and one other good way.

What was missing: the test only checked titles. An open session answers as well as any other, so
nothing could turn the test red.

What changed: after the block the test checks that the session is closed. A second visit ends with
an error, since a clean-up is most easily forgotten on that path.

Another good way: count on the other side. A server that counts its open lines also notices what the
code hides. It needs a moment to notice, so wait for it with a limit.
"""

import pytest
from gallery import Guide, NoSuchPicture


@pytest.mark.asyncio
async def test_titles():
    async with Guide() as guide:
        assert await guide.title(1) == "The Harbour"
        assert await guide.title(2) == "Two Cooks"
    assert guide.session.closed


@pytest.mark.asyncio
async def test_a_picture_that_is_not_there():
    with pytest.raises(NoSuchPicture):
        async with Guide() as guide:
            await guide.title(3)
    assert guide.session.closed
