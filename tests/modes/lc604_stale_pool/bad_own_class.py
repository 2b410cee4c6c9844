"""A class of the project refuses calls once the object that holds it has stopped it."""

# name: harbour.gate
import pytest


class Gate:
    def __init__(self):
        self._shut = False
        self.ships = []

    @property
    def is_shut(self):
        return self._shut

    def let_in(self, ship):
        if self.is_shut:
            raise PermissionError(f"no way in for {ship}")
        self.ships.append(ship)

    async def close(self):
        self._shut = True


class Harbour:
    def __init__(self):
        self.gate = Gate()

    async def stop(self):
        await self.gate.close()


@pytest.mark.asyncio
async def test_two_ships():
    harbour = Harbour()
    harbour.gate.let_in("Una")
    await harbour.stop()  # LC604
    harbour.gate.let_in("Duo")
    assert harbour.gate.ships == ["Una", "Duo"]
