"""Answers to the exercise of LC407: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc407_removed_api import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_all_ships_hear_it: TypeError: Lock.__init__() got an unexpected keyword argument 'loop'",
)

TASKS = ("[ship.hear(message) for", "[asyncio.create_task(ship.hear(message)) for")
NO_LOOP = (
    ("        self.loop = loop or asyncio.get_event_loop()\n", ""),
    ("Lock(loop=self.loop)", "Lock()"),
    (", loop=self.loop", ""),
    (", loop=self.loop", ""),
)
SECOND_WAIT = """            if late:
                await asyncio.wait(late)  # until they have hung up
"""
LOCKED = "        async with self.speaking:\n"
WAITING = SKELETON[SKELETON.index("            calls = ") :]


def mended(*pairs: tuple[str, str]) -> str:
    """Return the skeleton without `loop=`, and with changes."""
    text: str = in_text(*NO_LOOP[:3], *pairs, text=SKELETON)
    return text


RIGHT = {
    "tasks by hand": mended(TASKS),
    "the late ones are awaited": mended(
        TASKS,
        (
            SECOND_WAIT,
            "            await asyncio.gather(*late, return_exceptions=True)\n",
        ),
    ),
    "a limit for each call": mended(
        (
            WAITING.replace(", loop=self.loop", ""),
            """            calls = [self.call(ship, message, patience) for ship in self.ships]
            return sum(await asyncio.gather(*calls))

    async def call(self, ship, message, patience):
        try:
            async with asyncio.timeout(patience):
                await ship.hear(message)
        except TimeoutError:
            return False
        return True
""",
        )
    ),
    "a task group": mended(
        (
            WAITING.replace(", loop=self.loop", ""),
            """            heard = []
            async def call(ship):
                try:
                    await asyncio.wait_for(ship.hear(message), patience)
                    heard.append(ship)
                except asyncio.TimeoutError:
                    pass
            async with asyncio.TaskGroup() as group:
                for ship in self.ships:
                    group.create_task(call(ship))
            return len(heard)
""",
        )
    ),
}


def instead(body: str) -> str:
    """Return the skeleton without `loop=`, and with another way to call the ships."""
    return mended((WAITING.replace(", loop=self.loop", ""), body))


# answer → the requirement that is not met, and words of the remark
WRONG = {
    "gather": (
        instead(
            "            calls = [ship.hear(message) for ship in self.ships]\n"
            "            return len(await asyncio.gather(*calls))\n"
        ),
        "every test",
        "Something waits for the deaf",
    ),
    "one after the other": (
        instead(
            "            for ship in self.ships:\n                await ship.hear(message)\n"
            "            return len(self.ships)\n"
        ),
        "every test",
        "Something waits for the deaf",
    ),
    "a limit around gather": (
        instead(
            "            calls = [ship.hear(message) for ship in self.ships]\n"
            "            return len(await asyncio.wait_for(asyncio.gather(*calls), patience))\n"
        ),
        "every test",
        "ends the whole round",
    ),
    "nothing cancelled": (
        mended(
            TASKS, ("                call.cancel()\n", "                pass\n"), (SECOND_WAIT, "")
        ),
        "every test",
        "cancels nothing",
    ),
    "no lock": (mended(TASKS, (LOCKED, "        if True:\n")), "every test", "the lock is gone"),
    "the loops left out, no tasks": (
        mended(),
        "every test",
        "`asyncio.wait` used to turn coroutines",
    ),
    "the lock alone": (
        in_text(*NO_LOOP[1:2], text=SKELETON),
        "every test",
        "",
    ),
    "counts them all": (
        mended(TASKS, ("return len(heard)", "return len(calls)")),
        "every test",
        "",
    ),
}
