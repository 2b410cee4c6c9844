"""Which function a thread could call to start the loop that was refused beside one that runs."""

import asyncio
import gc

import pytest

from loopcheck.process import failure
from loopcheck.source.coroutines import nested_runs


class Prices:
    async def fetch(self) -> int:
        return 3

    def by_run(self) -> int:
        return asyncio.run(self.fetch())

    def by_new(self) -> int:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(self.fetch())
        finally:
            loop.close()

    def by_running(self) -> int:
        return asyncio.get_event_loop().run_until_complete(self.fetch())

    @property
    def asked(self) -> int:
        return asyncio.run(self.fetch())

    def __len__(self) -> int:
        return asyncio.run(self.fetch())


async def refused(name: str) -> list[bool]:
    with pytest.raises(RuntimeError) as caught:
        getattr(Prices(), name)()
    found = [nested_runs.read(link) for link in failure.chain(caught.value)]
    return [one.in_a_thread for one in found if one is not None]


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize(
    ("name", "could"),
    [
        *(("by_run", True), ("by_new", True), ("by_running", False)),
        *(("asked", False), ("__len__", False)),
    ],
)
def test_a_thread_helps_who_starts_a_loop_of_its_own_and_can_be_called(
    name: str, could: bool
) -> None:
    assert asyncio.run(refused(name)) == [could]
    gc.collect()
