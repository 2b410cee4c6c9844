"""Answers to the exercise of LC203: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc203_hang import SKELETON

SKELETON_SAYS = ("every test runs and passes", "test_a_tool_is_swapped: TimeoutError")

HEAD, _, SWAP = SKELETON.partition("    async def swap")
SWAP = "    async def swap" + SWAP
LOCKED = "async with self.lock:"
changed = partial(in_text, text=SKELETON)


def with_swap(body: str, head: str = HEAD) -> str:
    """Return the skeleton with another `swap`."""
    return head + "    async def swap(self, old, new):\n" + body


NO_LOCK = """
from scanner import scan

class Shelf:
    def __init__(self, *tools):
        self.tools = [*tools]

    async def count(self):
        return len(self.tools)

    async def add(self, tool):
        await scan(tool)
        self.tools.append(tool)

    async def remove(self, tool):
        await scan(tool)
        self.tools.remove(tool)

    async def swap(self, old, new):
        await scan(old)
        await scan(new)
        self.tools = [new if one == old else one for one in self.tools]
"""
OWNED = '''
import asyncio
from contextlib import asynccontextmanager

from scanner import scan


class Shelf:
    def __init__(self, *tools):
        self.tools, self.lock, self.owner = list(tools), asyncio.Lock(), None

    @asynccontextmanager
    async def mine(self):
        """A lock that its owner may take again."""
        if self.owner is asyncio.current_task():
            yield
            return
        async with self.lock:
            self.owner = asyncio.current_task()
            try:
                yield
            finally:
                self.owner = None

    async def count(self):
        async with self.mine():
            return len(self.tools)

    async def add(self, tool):
        async with self.mine():
            await self.change(self.tools + [tool], tool)

    async def remove(self, tool):
        async with self.mine():
            await self.change([one for one in self.tools if one != tool], tool)

    async def change(self, tools, tool):
        await scan(tool)
        self.tools = tools

    async def swap(self, old, new):
        async with self.mine():
            await self.remove(old)
            await self.add(new)
'''

RIGHT = {
    "the swap does its own work": with_swap(
        "        async with self.lock:\n"
        "            await scan(old)\n"
        "            await scan(new)\n"
        "            self.tools = [new if one == old else one for one in self.tools]\n"
    ),
    "no await between reading and writing": NO_LOCK,
    "a lock that knows its owner": OWNED,
    "two locks, one for swaps": SKELETON.replace(
        "self.lock = asyncio.Lock()", "self.lock, self.swaps = asyncio.Lock(), asyncio.Lock()"
    )
    .replace("with self.lock:  # nobody", "with self.swaps:  # nobody")
    .replace(
        "with self.lock:\n            return", "with self.swaps, self.lock:\n            return"
    ),
    "a copy of the shelf is changed": with_swap(
        "        async with self.lock:\n"
        "            copy = Shelf(*self.tools)\n"
        "            await copy.remove(old)\n"
        "            await copy.add(new)\n"
        "            self.tools = copy.tools\n"
    ),
}

TWO_STEPS = "        await self.remove(old)\n        await self.add(new)\n"
GIVEN_BACK = """\
        async with self.lock:
            self.lock.release()
            await self.remove(old)
            await self.lock.acquire()
            self.lock.release()
            await self.add(new)
            await self.lock.acquire()
"""
LIMIT = """\
        try:
            async with self.lock, asyncio.timeout(0.1):
                await self.remove(old)
                await self.add(new)
        except TimeoutError:
            pass
"""
FLAG = changed(
    (
        "    async def add(self, tool):\n        async with self.lock:",
        "    async def add(self, tool):\n        async with self.free():",
    ),
    (
        "    async def remove(self, tool):\n        async with self.lock:",
        "    async def remove(self, tool):\n        async with self.free():",
    ),
    (
        "    async def count",
        "    def free(self):\n"
        "        return asyncio.Lock() if self.lock.locked() else self.lock\n\n"
        "    async def count",
    ),
)
BY_HAND = changed(
    (f"{LOCKED}\n            t", "await self.lock.acquire()\n        if True:\n            t"),
    ("self.tools = tools\n", "self.tools = tools\n            self.lock.release()\n"),
)

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the swap takes no lock": (
        with_swap(TWO_STEPS),
        "every test",
        "between the two steps of the swap",
    ),
    "given back for each step": (
        with_swap(GIVEN_BACK),
        "every test",
        "between the two steps of the swap",
    ),
    "no lock at all": (
        with_swap(TWO_STEPS, NO_LOCK.partition("    async def swap")[0]),
        "every test",
        "between the two steps of the swap",
    ),
    "a limit, and the error caught": (with_swap(LIMIT), "every test", "nothing was swapped"),
    "a limit on the lock": (
        changed(("async with self.lock:  #", "async with asyncio.timeout(0.1), self.lock:  #")),
        "every test",
        "A timeout ended the wait",
    ),
    "no lock in its parts": (
        changed((LOCKED + "\n            tools", "if True:\n            tools")),
        "every test",
        "wrote back the old list",
    ),
    "a new lock each time": (
        changed((LOCKED + "\n            tools", "async with asyncio.Lock():\n            tools")),
        "every test",
        "wrote back the old list",
    ),
    "whoever finds it locked goes in": (FLAG, "every test", "wrote back the old list"),
    "taken and given back by hand": (
        with_swap(TWO_STEPS, BY_HAND.partition("    async def swap")[0]),
        "every test",
        "another hang",
    ),
    "a lock of threads": (
        changed(
            ("import asyncio\n", "import threading\n"),
            ("asyncio.Lock()", "threading.RLock()"),
            ("async with", "with"),
        ),
        "every test",
        "wrote back the old list",
    ),
    "it goes round until the lock is free": (
        with_swap(
            "        async with self.lock:\n"
            "            while self.lock.locked():\n"
            "                await asyncio.sleep(0)\n"
            "            await self.remove(old)\n"
        ),
        "every test",
        "",
    ),
}
