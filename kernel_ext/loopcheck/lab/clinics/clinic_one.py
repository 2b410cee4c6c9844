"""Clinic one: what an hour with the workbook teaches, and one project that is healthy."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="80_clinic_one",
    patients=(
        Patient(
            project="parcels",
            answer=HEALTHY,
            told_by=(
                "The words sound like a loop of asyncio, but `Tour.deliver` says them itself: the"
                " loop is a round trip. The test is red because `drive` leaves out the last stop"
                " (`self.stops[:-1]`): a plain bug, which a plain test found. Read who raises"
                " before you believe what is said."
            ),
            nudge="Look at who raises the error: the last line of the traceback that is a file.",
            not_this={
                "LC101": (
                    "There asyncio itself refuses (`asyncio/base_events.py: in _check_closed`) and"
                    " says `Event loop is closed`. Look at who raises the error here."
                ),
                "LC102": (
                    "There asyncio says `attached to a different loop`. Here both the tour and its"
                    " test have one loop. Look at who raises the error."
                ),
            },
        ),
        Patient(
            project="bakery",
            answer="LC203",
            places=(
                ("bakery.py", "if self.degrees == self.wanted:"),
                ("bakery.py", "await self.hot.wait()"),
                ("bakery.py", "while self.degrees + step < self.wanted:"),
                ("bakery.py", "self.hot.set()"),
            ),
            told_by=(
                "The loop turned all the time, and nobody was left who would set `oven.hot`: the"
                " heat stops at 170, and only at exactly 220 is the event set. More time would"
                " bring nothing. `TimeoutError` says how long somebody waited, never for what."
            ),
            nudge=(
                "Ask what the test waits for in its last line, who should bring that about, and"
                " whether that one is still at work."
            ),
            not_this={
                "LC107": (
                    "There a call holds the loop, and nothing else gets its turn. Here `heat`"
                    " gives way at each step, and had ended before the test began to wait."
                ),
                "LC204": (
                    "There a loop of code never suspends. Here `heat` suspends at each step, and"
                    " it has ended. What does the test wait for?"
                ),
                "LC102": (
                    "There two loops meet. Here the oven is made in the test that uses it, so there"
                    " is one loop. What does the test wait for?"
                ),
            },
        ),
        Patient(
            project="boxoffice",
            answer="LC202",
            places=(("test_box_office.py", 'assert office.is_free("A3")'),),
            told_by=(
                "`office.is_free` is `async def`, and without `await` the assert asks whether a"
                " coroutine is true. Every object is, so this test passes whatever is sold. One"
                " line of warning told it; the test is green."
            ),
            nudge="Green is no proof. Read the warnings, then ask what each assert looks at.",
            not_this={
                HEALTHY: (
                    "Both tests pass, and one of them would pass if every seat were sold. Read the"
                    " warnings."
                ),
                "LC303": (
                    "There the test itself is not run. Here both tests run. Something inside one"
                    " of them does not."
                ),
            },
        ),
        Patient(
            project="ferry",
            answer="LC101",
            places=(
                ("ferry.py", "bell = Bell()"),
                ("ferry.py", "self.loop = asyncio.get_running_loop()"),
                ("ferry.py", "if self.loop is None:"),
            ),
            told_by=(
                "The one bell of all ferries keeps the loop of the first test, which is closed when"
                " the second rings. The fixture makes a new ferry for each test; the class makes"
                " one bell for all of them."
            ),
            nudge=(
                "The first test passes, so something of it is still there in the second. What do"
                " both ferries share?"
            ),
            not_this={
                "LC102": (
                    "There the loop of the object is still open, or a waiting future is taken to"
                    " another. Here asyncio says `Event loop is closed`. Who still holds that loop?"
                ),
                "LC105": (
                    "There somebody makes a loop by hand. Here nobody does: the bell takes the"
                    " running one, and keeps it."
                ),
                "LC107": (
                    "The bell rings in a thread so that it does not hold the loop. It is the loop"
                    " itself that is gone."
                ),
            },
        ),
        Patient(
            project="lighthouse",
            answer="LC102",
            places=(
                ("lighthouse.py", '_line = await asyncio.open_connection("127.0.0.1", port)'),
                ("lighthouse.py", "if _line is None:"),
                ("lighthouse.py", "_line = None"),
            ),
            told_by=(
                "`_line` is opened once, on the loop of the first test, and read on the loop of the"
                " second. The fixture `keeper` has nothing to do with it: it has a thread and no"
                " loop."
            ),
            nudge=(
                "The error comes where the line is read. Ask where it was opened, by which test,"
                " and what keeps it until the next."
            ),
            not_this={
                "LC101": (
                    "A near miss: that loop is closed by now, true. But nobody asks anything of"
                    " the loop itself; a future of that loop is awaited on another one."
                ),
                "LC106": (
                    "There an async fixture lives longer than the loop of its tests. `keeper` is"
                    " a wide fixture, but it is not async, and hands out a number. Who keeps the"
                    " connection?"
                ),
            },
        ),
    ),
)
