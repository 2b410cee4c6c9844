"""Answers to the exercise of LC504: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc504_lock_ownership import SKELETON

SKELETON_SAYS = ("every test runs and passes", "two cars at one cable")


def changed(*pairs: tuple[str, str]) -> str:
    """Return the skeleton with changes, each of which must find its place."""
    found: str = in_text(*pairs, text=SKELETON)
    return found


def post(body: str) -> str:
    """Return a post that charges with *body*."""
    lines = "".join(f"        {line}\n" for line in body.strip("\n").splitlines())
    return f"""import asyncio
from contextlib import suppress

class Post:
    def __init__(self):
        self.cable = asyncio.Lock()

    async def charge(self, load, patience):
{lines}"""


SUPPRESSED = """\
            with suppress(RuntimeError):  # "Lock is not acquired."
                self.cable.release()
"""

ASKED = """\
            if self.cable.locked():
                self.cable.release()
"""

RIGHT = {
    "two blocks": post(
        """
try:
    await asyncio.wait_for(self.cable.acquire(), patience)
except asyncio.TimeoutError:
    return "no cable"
try:
    return await load()
finally:
    self.cable.release()
"""
    ),
    "a limit that is switched off": post(
        """
try:
    async with asyncio.timeout(patience) as limit, self.cable:
        limit.reschedule(None)
        return await load()
except TimeoutError:
    if limit.expired():
        return "no cable"
    raise
"""
    ),
    "it remembers": changed(
        (
            "        try:\n            async",
            "        mine = False\n        try:\n            async",
        ),
        ("self.cable.acquire()\n", "self.cable.acquire()\n                mine = True\n"),
        (SUPPRESSED, "            if mine:\n                self.cable.release()\n"),
    ),
    "it looks ten times": post(
        """
for _ in range(10):
    if not self.cable.locked():
        break
    await asyncio.sleep(patience / 10)
else:
    return "no cable"
async with self.cable:
    return await load()
"""
    ),
    "a list of who has it": post(
        """
got = []
with suppress(TimeoutError):
    async with asyncio.timeout(patience):
        got.append(await self.cable.acquire())
if not got:
    return "no cable"
try:
    return await load()
finally:
    self.cable.release()
"""
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the silence alone taken out": (
        changed((SUPPRESSED, "            self.cable.release()\n")),
        "every test",
        "car that had the cable",
    ),
    "asked whether somebody has it": (
        changed((SUPPRESSED, ASKED)),
        "every test",
        "only says that some car",
    ),
    "only who gives up": (
        post(
            """
gave_up = False
try:
    async with asyncio.timeout(patience):
        await self.cable.acquire()
except TimeoutError:
    gave_up = True
    return "no cable"
else:
    return await load()
finally:
    if not gave_up:
        with suppress(RuntimeError):
            self.cable.release()
"""
        ),
        "every test",
        "is cancelled while waiting does not",
    ),
    "never given back": (
        post(
            """
try:
    async with asyncio.timeout(patience):
        await self.cable.acquire()
except TimeoutError:
    return "no cable"
charged = await load()
self.cable.release()
return charged
"""
        ),
        "every test",
        "keeps its own",
    ),
    "a limit around it all": (
        post(
            """
try:
    async with asyncio.timeout(patience), self.cable:
        return await load()
except TimeoutError:
    return "no cable"
"""
        ),
        "every test",
        "for the wait alone",
    ),
    "still put to silence": (
        post(
            """
try:
    async with asyncio.timeout(patience):
        await self.cable.acquire()
except TimeoutError:
    return "no cable"
try:
    return await load()
finally:
    with suppress(RuntimeError):
        self.cable.release()
"""
        ),
        "every test",
        "your code still suppresses it",
    ),
}
