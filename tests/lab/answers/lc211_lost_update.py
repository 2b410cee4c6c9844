"""Answers to the exercise of LC211: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc211_lost_update import SKELETON

SKELETON_SAYS = ("every test runs and passes", "assert 4 == 12")
changed = partial(in_text, text=SKELETON)

PAYS = "        self.takings += await self.bank.charge(name)\n"
TAKES = "        self.free -= 1\n"
FARE = "        fare = await self.bank.charge(name)\n        self.takings += fare\n"
GIVES_BACK = """\
        self.free -= 1
        try:
            fare = await self.bank.charge(name)
        except BaseException:
            self.free += 1
            raise
        self.takings += fare
"""
FLAG = """\
        self.free -= 1
        paid = False
        try:
            fare = await self.bank.charge(name)
            paid = True
        finally:
            self.free += not paid
        self.takings += fare
"""
LISTED = """\
        if len(self.names) == self.seats:
            return False
        self.names.append(name)
        try:
            fare = await self.bank.charge(name)
        except BaseException:
            self.names.remove(name)
            raise
        self.takings += fare
"""
LOCKED = """\
        async with self.lock:
            if self.free == 0:
                return False
            self.takings += await self.bank.charge(name)
            self.free -= 1
            return True
"""
BODY = SKELETON.partition("async def book(self, name):\n")[2]
INIT = "self.bank, self.free, self.takings = bank, seats, 0"
SHORT_LOCK = """\
        async with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        try:
            fare = await self.bank.charge(name)
        except BaseException:
            self.free += 1
            raise
        self.takings += fare
        return True
"""

RIGHT = {
    "a flag and finally": changed((PAYS + TAKES, FLAG)),
    "a list of names": changed(
        ("        if self.free == 0:\n            return False\n" + PAYS + TAKES, LISTED),
        (INIT, "self.bank, self.seats, self.takings, self.names = bank, seats, 0, []"),
    ),
    "a lock for the check alone": changed(
        (BODY, SHORT_LOCK),
        (INIT, f"{INIT}\n        self.lock = asyncio.Lock()"),
        ("\n\nclass Ferry", "\n\nimport asyncio\n\n\nclass Ferry"),
    ),
}
RIGHT |= {
    "who is paying is counted": changed(
        (INIT, f"{INIT}\n        self.paying = 0"),
        ("if self.free == 0", "if self.free == self.paying"),
        (
            PAYS,
            "        self.paying += 1\n        try:\n"
            "            fare = await self.bank.charge(name)\n"
            "        finally:\n            self.paying -= 1\n        self.takings += fare\n",
        ),
    ),
    "a queue of seats": changed(
        (INIT, "self.bank, self.takings, self.seats = bank, 0, [*range(seats)]"),
        ("if self.free == 0", "if not self.seats"),
        (PAYS, GIVES_BACK.replace("self.free -= 1", "seat = self.seats.pop()")),
        ("self.free += 1", "self.seats.append(seat)"),
        (TAKES, ""),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a lock around it all": (
        changed(
            (BODY, LOCKED),
            (INIT, f"{INIT}\n        self.lock = asyncio.Lock()"),
            ("\n\nclass Ferry", "\n\nimport asyncio\n\n\nclass Ferry"),
        ),
        "every test",
        "one after the other",
    ),
    "the fare has a name": (changed((PAYS, FARE)), "every test", "still find the last seat"),
    "the seat is taken first": (
        changed(
            (
                PAYS + TAKES,
                GIVES_BACK.replace("fare = await", "self.takings += await").replace(
                    "        self.takings += fare\n", ""
                ),
            )
        ),
        "every test",
        "still read before the wait",
    ),
    "nobody gives it back": (changed((PAYS + TAKES, TAKES + FARE)), "every test", "given back"),
    "a second check after the wait": (
        changed(
            (PAYS + TAKES, f"{FARE}        if not self.free:\n            return False\n{TAKES}")
        ),
        "every test",
        "comes too late",
    ),
    "only an exception gives it back": (
        changed((PAYS + TAKES, GIVES_BACK.replace("BaseException", "Exception"))),
        "a passenger leaves",
        "`CancelledError` is not an `Exception`",
    ),
    "a lock of its own for each call": (
        changed(
            (BODY, LOCKED.replace("self.lock", "asyncio.Lock()")),
            ("\n\nclass Ferry", "\n\nimport asyncio\n\n\nclass Ferry"),
        ),
        "every test",
        "",
    ),
    "the fare is known": (
        changed((PAYS + TAKES, GIVES_BACK.replace("+= fare", "+= 4"))),
        "another fare",
        "",
    ),
}
