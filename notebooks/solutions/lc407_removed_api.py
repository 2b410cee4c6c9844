"""LC407 removed-api: the solution of the exercise, why it works, and one other good way.

What was wrong: Python 3.10 removed `loop=` from asyncio. Since 3.11 `asyncio.wait` refuses plain
coroutines; before, it created tasks from them.

What changed: no object gets its loop as an argument; each uses the running loop when some code
first waits for it. And the relay creates the tasks by hand, so that it can cancel them. The rest
stays, because it was right: the lock, the limit, the two sets, and the second wait. `cancel()` only
asks a task to end; a ship still hangs up, and that takes turns of the loop.

Another good way: `asyncio.timeout(patience)` around each single call, in its own function that
returns whether the ship heard it, and `asyncio.gather` for all of them. `gather` alone would wait
forever for the deaf ship, and a limit around `gather` would end the good calls too.
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
            if late:
                await asyncio.wait(late)  # until they have hung up
            return len(heard)
