"""LC407 removed-api: the solution of the exercise, why it works, and one other good way.

What was wrong: `loop=` left asyncio with Python 3.10, and since 3.11 `asyncio.wait` refuses plain
coroutines, of which it used to make tasks itself.

What changed: no object is told its loop, each takes the one that runs when somebody waits. And the
tasks are made by hand, so that there is somebody to cancel. All else stays, since it was right:
the lock, the limit, the two sets, and the turn in which a cancelled call ends.

Another good way: `asyncio.timeout(patience)` around each single call, in a function of its own that
returns whether the ship heard it, and `asyncio.gather` for all of them. `gather` alone would wait
for the deaf ship for ever, and a limit around `gather` would end the good calls too.
"""

import asyncio


class Relay:
    """Says a message to all ships."""

    def __init__(self, ships):
        self.ships = ships
        self.speaking = asyncio.Lock()

    async def say(self, message, patience):
        """Return how many ships heard it in time; stop calling the others."""
        async with self.speaking:
            calls = [asyncio.create_task(ship.hear(message)) for ship in self.ships]
            heard, late = await asyncio.wait(calls, timeout=patience)
            for call in late:
                call.cancel()
            await asyncio.sleep(0)
            return len(heard)
