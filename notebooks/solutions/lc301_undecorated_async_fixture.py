"""LC301 undecorated-async-fixture: the solution of the exercise, why it works, another good way.

What was wrong: both fixtures are `async def` with pytest's own decorator. pytest can call them, but
not run them, and in strict mode pytest-asyncio only runs what its own decorator marks. The first
test of the run reported that for `empty_lockers`. The run did not get as far as `turnstile`, which
has the same fault.

What changed: the decorator of both, and nothing else. Their arguments stay, since both decorators
take them: without `autouse=True` nothing would clear the lockers, without `params` no test would
use one of the turnstiles. The synchronous test gets the async fixture like any other:
pytest-asyncio runs it before the test begins.

Another good way, where the settings of the project are yours to change: `asyncio_mode = auto`.
Then pytest-asyncio runs every async fixture and every async test, and the marks may go too. Choose
the decorator where another plugin, as anyio or trio, runs async code in the same project.
"""

import pool
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(autouse=True)
async def empty_lockers():
    await pool.clear_lockers()


@pytest_asyncio.fixture(params=[1, 3])
async def turnstile(request):
    async with pool.opened(places=request.param) as turnstile:
        yield turnstile


@pytest.mark.asyncio
async def test_a_swimmer_gets_a_locker(turnstile):
    await turnstile.enter("Ada")
    assert pool.lockers == {"Ada"}


@pytest.mark.asyncio
async def test_who_leaves_makes_room(turnstile):
    for swimmer in ("Ben", "Cem", "Dora", "Eva"):
        await turnstile.enter(swimmer)
        await turnstile.leave(swimmer)
    assert pool.lockers == set()


def test_it_opens_with_free_places(turnstile):
    assert turnstile.open
    assert turnstile.free
