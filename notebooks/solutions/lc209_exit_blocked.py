"""LC209 exit-blocked: the solution of the exercise, why it works, another good way.

What was wrong: each telegraph starts a clerk, a thread that isn't a daemon. At its exit Python
joins such threads, and both clerks wait for a message that never comes.

What changed: the fixture yields the telegraph. After the test it sends the word on which the clerk
stops, and joins him. Lines after a `yield` also run when the test has failed.

Another good way: a context manager, for tests that need several telegraphs.

    @contextmanager
    def opened(archive):
        telegraph = Telegraph(archive)
        try:
            yield telegraph
        finally:
            telegraph.send("STOP")
            telegraph.clerk.join()

Best of all, the telegraph gets a `close()` that does it: then no user has to know the word.
"""

import pytest
from telegraph import Telegraph


@pytest.fixture
def archive():
    return []


@pytest.fixture
def telegraph(archive):
    telegraph = Telegraph(archive)
    yield telegraph
    telegraph.send("STOP")
    telegraph.clerk.join()


@pytest.mark.asyncio
async def test_a_message_is_filed(telegraph, archive):
    telegraph.send("arrive monday")
    await telegraph.delivered()
    assert archive == ["ARRIVE MONDAY"]


@pytest.mark.asyncio
async def test_messages_keep_their_order(telegraph, archive):
    for letters in ("leave", "at", "dawn"):
        telegraph.send(letters)
    await telegraph.delivered()
    assert archive == ["LEAVE", "AT", "DAWN"]
