"""LC103 nested-run: the solution of the exercise, why it works, and one other good way.

What was wrong: `order_online` runs while a loop runs, and called `order`, which starts one.
`nest_asyncio` allowed that: the loop ran a second time, inside a call that awaits nothing. So the
time limit could not end the order anywhere.

Why this works: the web shop awaits the oven on the loop that runs already. There it yields to other
orders, and there it can be cancelled. `order` keeps `asyncio.run`, since its callers have no loop.

Another good way: one async method does the work, and the synchronous one starts a loop for it:
`return asyncio.run(self.order_online(loaves))`. Choose it when there is more to do than one await.
"""

import asyncio


class Bakery:
    def __init__(self, oven):
        self.oven = oven

    def order(self, loaves):
        return asyncio.run(self.oven.bake(loaves))

    async def order_online(self, loaves):
        return await self.oven.bake(loaves)
