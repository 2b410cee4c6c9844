"""anyio runs the test on trio, and pytest-asyncio its fixture, which closes a kiln of trio's."""

import pytest
import pytest_asyncio
import trio


class Kiln:
    def __init__(self):
        self.pots = []

    async def fire(self, pot):
        await trio.sleep(0)
        self.pots.append(pot)

    async def cool(self):
        await trio.sleep(0)
        self.pots.clear()


@pytest.fixture
def anyio_backend():
    return "trio"


@pytest_asyncio.fixture
async def kiln():  # LC312
    kiln = Kiln()
    yield kiln
    await kiln.cool()


# name: trio.sleep
@pytest.mark.anyio
async def test_a_pot_is_fired(kiln):
    await kiln.fire("cup")
    assert kiln.pots == ["cup"]
