"""anyio's limit is lost as asyncio's own is: the code cleans up, and says nothing."""

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Poller:
    def __init__(self):
        self.results = []

    async def run(self):
        try:
            await anyio.sleep(3600)
        except BaseException:  # LC207
            self.results.append(None)


# name: Poller.run
async def test_the_limit_is_seen():
    with pytest.raises(TimeoutError):
        with anyio.fail_after(0.05):
            await Poller().run()
