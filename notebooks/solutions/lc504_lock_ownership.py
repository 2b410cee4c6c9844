"""LC504 lock-ownership: the solution of the exercise, why it works, and one other good way.

What was wrong: the `finally` was around the wait as well. A car that gave up, or was cancelled
while it waited, had no cable and still released the lock. An `asyncio.Lock` has no owner: that
`release()` freed the cable of the car that was charging, and the next one took it. The only error
came later, `Lock is not acquired`, from the car that had done nothing wrong, and `suppress`
swallowed it.

What changed: the wait is over before the `try` begins that releases the cable. A car that reaches
the `release()` has the cable. The `suppress` is gone: if the error comes now, other code releases
the lock, and you want to know that.

Another good way: no `release()` at all. `asyncio.timeout` can be switched off from inside, so one
`async with` takes and releases:

    try:
        async with asyncio.timeout(patience) as limit, self.cable:
            limit.reschedule(None)  # the cable is there: no limit for the charging
            return await load()
    except TimeoutError:
        if limit.expired():
            return "no cable"
        raise  # the car's own
"""

import asyncio


class Post:
    def __init__(self):
        self.cable = asyncio.Lock()

    async def charge(self, load, patience):
        try:
            async with asyncio.timeout(patience):
                await self.cable.acquire()
        except TimeoutError:
            return "no cable"
        try:
            return await load()
        finally:
            self.cable.release()
