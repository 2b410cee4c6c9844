"""Answers to the exercise of LC101: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc101_loop_closed import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_one_fee_for_a_whole_family: RuntimeError: Event loop is closed",
)

OPENS = "        if Desk.line is None:\n            Desk.line = await Line.open()\n"
STAYS = "        pass  # the next desk asks on the same line\n"
ASKS = "return amount * await self.line.ask(currency)"
changed = partial(in_text, text=SKELETON)

RIGHT = {
    "a line for each desk": changed(
        (OPENS, "        self.line = await Line.open()\n"),
        (STAYS, "        await self.line.close()\n"),
    ),
    "opened with the first question": """
from exchange import Line

class Desk:
    def __init__(self):
        self._line = None
    async def __aenter__(self):
        return self
    async def __aexit__(self, kind, error, where):
        if self._line is not None:
            await self._line.close()
    async def change(self, amount, currency):
        self._line = self._line or await Line.open()
        return await self._line.ask(currency) * amount
""",
    "a generator": """
import contextlib
import exchange

class Open:
    def __init__(self, line):
        self.line = line
    async def change(self, amount, currency):
        return amount * await self.line.ask(currency)

@contextlib.asynccontextmanager
async def Desk():
    line = await exchange.Line.open()
    try:
        yield Open(line)
    finally:
        await line.close()
""",
    "an exit stack": """
from contextlib import AsyncExitStack
from exchange import Line

class Desk(AsyncExitStack):
    async def __aenter__(self):
        await super().__aenter__()
        self.phone = await Line.open()
        self.push_async_callback(self.phone.close)
        return self

    async def change(self, amount, currency):
        rate = await self.phone.ask(currency)
        return rate * amount
""",
    "shared while a desk is open": """
from exchange import Line

class Desk:
    line, users = None, 0
    async def __aenter__(self):
        if not Desk.users:
            Desk.line = await Line.open()
        Desk.users += 1
        return self
    async def __aexit__(self, *error):
        Desk.users -= 1
        if not Desk.users:
            await Desk.line.close()
    async def change(self, amount, currency):
        return amount * await Desk.line.ask(currency)
""",
}

PER_LOOP = changed(
    ("from exchange", "import asyncio\n\nfrom exchange"),
    (
        OPENS,
        "        now = asyncio.get_running_loop()\n"
        "        if Desk.line is None or Desk.loop is not now:\n"
        "            Desk.line, Desk.loop = await Line.open(), now\n",
    ),
)

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a line for each loop": (PER_LOOP, "every test", "But the old line stays"),
    "a second attempt": (
        changed(
            (
                ASKS,
                "try:\n            return amount * await self.line.ask(currency)\n"
                "        except RuntimeError:\n            Desk.line = await Line.open()\n"
                "            return amount * await self.line.ask(currency)",
            )
        ),
        "every test",
        "But the old line stays",
    ),
    "opened, never closed": (
        changed((OPENS, "        self.line = await Line.open()\n")),
        "every test",
        "But the old line stays",
    ),
    "a line for each question": (
        changed(
            (OPENS, ""),
            (
                ASKS,
                "line = await Line.open()\n        try:\n"
                "            return amount * await line.ask(currency)\n"
                "        finally:\n            await line.close()",
            ),
        ),
        "every test",
        "a family now pays",
    ),
    "closed for all": (
        changed(
            (STAYS, "        await Desk.line.close()\n        Desk.line = None\n"),
        ),
        "every test",
        "but all desks share it",
    ),
    "closed by the next desk": (
        changed(
            (
                OPENS,
                "        if Desk.line is not None:\n            await Desk.line.close()\n"
                "        Desk.line = await Line.open()\n",
            ),
        ),
        "every test",
        "",
    ),
    "nest_asyncio": (
        "import nest_asyncio\nnest_asyncio.apply()\n" + SKELETON,
        "every test",
        "nothing opens a closed loop again",
    ),
    "a generator without finally": (
        RIGHT["a generator"]
        .replace("    try:\n        yield", "    if True:\n        yield")
        .replace("    finally:\n        await", "    if True:\n        await"),
        "also when something fails",
        "the line when all goes",
    ),
    "closed only if all went well": (
        changed(
            (OPENS, "        self.line = await Line.open()\n"),
            (STAYS, "        if not any(error):\n            await self.line.close()\n"),
        ),
        "also when something fails",
        "the line when all goes",
    ),
    "every error kept": (
        changed(
            (OPENS, "        self.line = await Line.open()\n"),
            (STAYS, "        await self.line.close()\n        return True\n"),
        ),
        "also when something fails",
        "no assertion",
    ),
    "the error caught": (
        changed(
            (
                ASKS,
                "try:\n            return amount * await self.line.ask(currency)\n"
                "        except RuntimeError:\n            return 0",
            )
        ),
        "every test",
        "",
    ),
}
