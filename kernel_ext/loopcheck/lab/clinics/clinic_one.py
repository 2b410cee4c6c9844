"""Clinic one: what an hour with the workbook teaches, and one project that is healthy."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="80_clinic_one",
    patients=(
        Patient(
            project="parcels",
            answer=HEALTHY,
            told_by=(
                "The message sounds like asyncio's event loop, but `Tour.deliver` raises it: this "
                "loop is a round trip. The test is red because `drive` leaves out the last stop "
                "(`self.stops[:-1]`): a plain bug, which a plain test found. Before you believe a "
                "message, check which code raises it."
            ),
            nudge="Which code raises the error? Look at the last line of the traceback that names "
            "a file.",
            not_this={
                "LC101": (
                    "In LC101 asyncio itself raises (`asyncio/base_events.py: in _check_closed`), "
                    "with `Event loop is closed`. Which code raises the error here?"
                ),
                "LC102": (
                    "In LC102 asyncio says `attached to a different loop`. Here the tour and its "
                    "test share one loop. Which code raises the error?"
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
                "The loop kept running, but nothing was left that would set `oven.hot`: the heat "
                "stops at 170, and `heat` sets the event only at exactly 220. More time would not "
                "help. A `TimeoutError` says how long the test waited, never for what."
            ),
            nudge=(
                "What does the test wait for in its last line, which task should bring that "
                "about, and is that task still running?"
            ),
            not_this={
                "LC107": (
                    "In LC107 a call blocks the loop, and nothing else can run. Here `heat` "
                    "yields to the loop at each step, and had ended before the test began to "
                    "wait."
                ),
                "LC204": (
                    "In LC204 a loop in the code never suspends. Here `heat` suspends at each "
                    "step, and it has ended. What does the test wait for?"
                ),
                "LC102": (
                    "In LC102 two loops are involved. Here the test makes the oven that it uses, "
                    "so there is one loop. What does the test wait for?"
                ),
            },
        ),
        Patient(
            project="boxoffice",
            answer="LC202",
            places=(("test_box_office.py", 'assert office.is_free("A3")'),),
            told_by=(
                "`office.is_free` is `async def`, and without `await` the assert checks whether a "
                "coroutine is true. It always is, so this test passes whatever is sold. The only "
                "sign is one warning line; the test is green."
            ),
            nudge="Green is no proof. Read the warnings, then check what each assert really "
            "compares.",
            not_this={
                HEALTHY: (
                    "Both tests pass, and one of them would pass if every seat were sold. Read "
                    "the warnings."
                ),
                "LC303": (
                    "In LC303 the test itself doesn't run. Here both tests run. Something inside "
                    "one of them doesn't."
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
                "All ferries share one bell. It keeps the loop of the first test, which is closed "
                "when the second test rings. The fixture makes a new ferry for each test; the "
                "class makes one bell for all of them."
            ),
            nudge=(
                "The first test passes, so the second test meets something of it. What do both "
                "ferries share?"
            ),
            not_this={
                "LC102": (
                    "In LC102 the object's loop is still open, or a pending future moves to "
                    "another loop. Here asyncio says `Event loop is closed`. What still refers to "
                    "that loop?"
                ),
                "LC105": (
                    "In LC105 the code makes a loop by hand. Here nothing does: the bell takes "
                    "the running loop, and keeps it."
                ),
                "LC107": (
                    "The bell rings in a thread so that it doesn't block the loop. The loop "
                    "itself is closed."
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
                "The code opens `_line` once, on the loop of the first test, and reads it on the "
                "loop of the second. The fixture `keeper` is not involved: it has a thread and no "
                "loop."
            ),
            nudge=(
                "The error comes from the line that reads. Where was the connection opened, by "
                "which test, and what keeps it until the next test?"
            ),
            not_this={
                "LC101": (
                    "A near miss: that loop is closed by now, true. But nothing calls the closed "
                    "loop itself; the code awaits one of its futures on another loop."
                ),
                "LC106": (
                    "In LC106 an async fixture lives longer than the loop of its tests. `keeper` "
                    "has a wide scope, but it isn't async, and returns a number. What keeps the "
                    "connection?"
                ),
            },
        ),
    ),
)
