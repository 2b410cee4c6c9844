"""LC203 hang: the solution of the exercise, why it works, and one other good way.

What was wrong: `swap` acquired the lock and called `remove`, which waited for the same lock. `swap`
would have released it at its end, but it waited for `remove`. An asyncio lock does not know which
task holds it: no task can acquire it twice, not even the same one.

What changed: the work is separate from the lock. `_add` and `_remove` do the work and expect that
their caller holds the lock. `add`, `remove` and `swap` acquire it, each of them once, and no method
that acquires it calls another one that does.

Another good way: let all three methods ask the scanner first, and then change `self.tools` in one
line without an `await`. No other task can run there, so no lock is needed. In `swap` that line is
`self.tools = [new if one == old else one for one in self.tools]`. If only `swap` does so, it loses
the tool that `add` is about to write.
"""

import asyncio

from scanner import scan


class Shelf:
    def __init__(self, *tools):
        self.tools = list(tools)
        self.lock = asyncio.Lock()  # one clerk at a time

    async def count(self):
        async with self.lock:
            return len(self.tools)

    async def add(self, tool):
        async with self.lock:
            await self._add(tool)

    async def remove(self, tool):
        async with self.lock:
            await self._remove(tool)

    async def swap(self, old, new):
        async with self.lock:  # nobody may see the gap
            await self._remove(old)
            await self._add(new)

    async def _add(self, tool):
        tools = [*self.tools, tool]
        await scan(tool)
        self.tools = tools

    async def _remove(self, tool):
        tools = [one for one in self.tools if one != tool]
        await scan(tool)
        self.tools = tools
