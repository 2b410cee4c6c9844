"""Answers to the exercise of LC103: the right ones and the wrong turns."""

import sys

from loopcheck.lab.exercises.lc103_nested_run import SKELETON

# From 3.14 on asyncio asks C for the current task, and under the patch it has none.
NO_TASK = sys.version_info >= (3, 14)
SKELETON_SAYS = ("every test runs and passes", "inside a task" if NO_TASK else "DID NOT RAISE")

PATCH = "import nest_asyncio\n\nnest_asyncio.apply()\n"
ONLINE = "        return self.order(loaves)"


def bakery(online: str, order: str = "asyncio.run(self.oven.bake(loaves))") -> str:
    return f"""
import asyncio
from concurrent.futures import ThreadPoolExecutor

class Bakery:
    def __init__(self, oven):
        self.oven = oven

    def order(self, loaves):
        return {order}

    async def order_online(self, loaves):
        return {online}
"""


RIGHT = {
    "one does the work, the other starts a loop": bakery(
        "await self.oven.bake(loaves)", "asyncio.run(self.order_online(loaves))"
    ),
    "a runner": """
import asyncio

class Bakery:
    def __init__(self, oven):
        self.oven = oven

    async def _bake(self, loaves):
        async with asyncio.TaskGroup() as group:
            baked = group.create_task(self.oven.bake(loaves))
        return baked.result()

    order_online = _bake

    def order(self, loaves):
        with asyncio.Runner() as runner:
            return runner.run(self._bake(loaves))
""",
    "the coroutine handed over": """
import asyncio as aio

class Bakery:
    def __init__(self, oven):
        self.oven = oven

    def order(self, loaves):
        return aio.run(self.order_online(loaves))

    def order_online(self, loaves):
        return self.oven.bake(loaves)
""",
    "a script gets a thread anyway": bakery(
        "await asyncio.wait_for(self.oven.bake(loaves), 5)",
        "ThreadPoolExecutor().submit(asyncio.run, self.oven.bake(loaves)).result()",
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only deleted": (SKELETON.replace(PATCH, ""), "every test", "to start a second one"),
    "the patch kept": (
        SKELETON.replace(ONLINE, "        return await self.oven.bake(loaves)"),
        "every test" if NO_TASK else "as Python made it",
        "" if NO_TASK else "still patched",
    ),
    "a new loop": (
        bakery("asyncio.new_event_loop().run_until_complete(self.oven.bake(loaves))"),
        "every test",
        "to start a second one",
    ),
    "waiting for a thread": (
        bakery("ThreadPoolExecutor().submit(self.order, loaves).result()"),
        "every test",
        "but the loop is blocked",
    ),
    "a thread": (
        bakery("await asyncio.to_thread(self.order, loaves)"),
        "every test",
        "the loop itself can be",
    ),
    "all async": (
        bakery("await self.oven.bake(loaves)").replace("def order(", "async def order("),
        "every test",
        "A script gets a coroutine",
    ),
    "the look-up": (
        bakery(
            "await self.oven.bake(loaves)",
            "asyncio.get_event_loop_policy().new_event_loop()"
            ".run_until_complete(self.oven.bake(loaves)) if __import__('threading')"
            ".current_thread() is __import__('threading').main_thread() else 0",
        ),
        "a thread may order too",
        "",
    ),
    "an error kept": (
        """
import asyncio

class Bakery:
    def __init__(self, oven):
        self.oven = oven

    def order(self, loaves):
        return asyncio.run(self.order_online(loaves))

    async def order_online(self, loaves):
        try:
            return await self.oven.bake(loaves)
        except OSError:
            return loaves
""",
        "an error of the oven",
        "",
    ),
}
