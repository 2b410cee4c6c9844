"""LC506 server-unreachable: the solution of the exercise, why it works, and one other good way.

What was wrong: no gauge listened at the pier's port, each connection was refused, and the helper
turned that into a skip. The run was green, and not one line of the harbour was tested.

What changed: a fixture starts a gauge, on a port that the system picks, and yields that port. The
tests need no setting, two runs at once do not collide, and the fixture stops the gauge after each
test. The skip is gone: if the gauge does not listen now, something is broken, and the tests fail.

Another good way: one gauge for the file, if starting it is slow: both scopes of the fixture become
`module`, and the tests run on that loop, `pytest.mark.asyncio(loop_scope="module")`. If the tests
can't start their server (a licence, a machine), check once at the start of the run and end it with
the address in the message. Then the run is red, not green with skips.
"""

import pytest
import pytest_asyncio
from gauge import Gauge
from harbour import can_enter

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def port():
    gauge = Gauge()
    await gauge.start()
    yield gauge.port
    await gauge.stop()


async def test_a_flat_boat_enters(port):
    assert await can_enter(port, 120)


async def test_a_deep_boat_waits(port):
    assert not await can_enter(port, 300)
