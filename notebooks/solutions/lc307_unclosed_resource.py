"""LC307 unclosed-resource: the solution of the exercise, why it works, and one other good way.

What was missing: the test asked for titles only. A session that is left open answers as well as any
other, so nothing could turn it red.

What changed: below the block the session is asked whether it is closed. And a second visit ends by
an error, since that is the way on which a clean-up is forgotten most easily.

Another good way: count on the other side. A server that tells how many lines are open notices also
what the code hides; it needs a moment until it knows, so wait for it with a limit.
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
