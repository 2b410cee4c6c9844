"""The group is cancelled, and so is the `finally` of what runs in it."""

# name: kiln
import anyio
import pytest


class Kiln:
    heat, fires = 0, 0

    async def burn(self):
        self.fires += 1
        try:
            await anyio.sleep_forever()
        finally:
            await cool(self)  # LC604
            self.fires -= 1


async def cool(kiln):
    while kiln.heat:
        kiln.heat -= 1
        await anyio.lowlevel.checkpoint()
    await anyio.sleep(0.001)


async def stop(group):
    group.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_the_kiln_is_off():
    kiln = Kiln()
    kiln.heat = 1
    async with anyio.create_task_group() as group:
        group.start_soon(stop, group)
        await kiln.burn()
    assert kiln.fires == 0
