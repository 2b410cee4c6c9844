"""Clinic three: tasks, what is left open, and what pytest doesn't run."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="82_clinic_three",
    patients=(
        Patient(
            project="postoffice",
            answer="LC208",
            places=(
                ("test_post_office.py", 'assert office.boxes[4] == ["from Ada"]'),
                ("test_post_office.py", 'office.hand_in("from Ada", box=4)'),
            ),
            told_by=(
                "`hand_in` only starts the sorting. The assert runs before the task does; a "
                "moment later the letter is in its box. Wait for the work, not for some time."
            ),
            nudge="When does the letter get into its box, and what did the test do until then?",
            not_this={
                "LC201": (
                    "In LC201 nothing waits for the task. Here `close` does, after the test. The "
                    "assert comes before that."
                ),
                "LC205": "In LC205 the task fails. Here it succeeds, a moment later.",
                HEALTHY: "The post office works, and its test is red all the same. Why?",
            },
        ),
        Patient(
            project="tournament",
            answer="LC303",
            places=(
                ("test_tournament.py", "async def test_nobody_is_forgotten(self):"),
                ("test_tournament.py", "class TestOddNumbers:"),
                ("pytest.ini", "asyncio_mode = strict"),
            ),
            told_by=(
                "In strict mode each async test needs its mark, and the test in the class has "
                "none, so no plugin runs it. pytest's message lists plugins to install, but the "
                "right one is installed. And behind it waits a real bug: `zip` forgets the odd "
                "player."
            ),
            nudge="One of two tests runs. Compare the lines above them.",
            not_this={
                "LC202": (
                    "Near: a coroutine that is never awaited. But it is the test itself. What "
                    "should have run it?"
                ),
                "LC301": "In LC301 a fixture doesn't run. There is no fixture here.",
                "LC304": (
                    "In LC304 pytest doesn't know a setting or a plugin. Here the other test "
                    "shows that the plugin is installed and works."
                ),
            },
        ),
        Patient(
            project="orchard",
            answer="LC103",
            places=(
                (
                    "orchard.py",
                    "return sum(asyncio.run(self.scales.weigh(crate)) for crate in crates)",
                ),
                ("test_orchard.py", 'assert Orchard(scales).total([{"apples": 10}]) == 2'),
            ),
            told_by=(
                "`total` starts its own loop, which is impossible where one is running. The plain "
                "test has none, and passes. The coroutine that was never awaited is a leftover of "
                "the error, not the cause."
            ),
            nudge="The same method works in one test. What exists in the other test at the time "
            "of the call?",
            not_this={
                "LC202": (
                    "In LC202 an `await` is missing. Here the warning comes after the error: "
                    "`asyncio.run` got a coroutine, and refused to run it. Why?"
                ),
                "LC105": (
                    "In LC105 the code makes a loop by hand and leaves it. Here the loop is never "
                    "made: asyncio refuses."
                ),
            },
        ),
        Patient(
            project="newspaper",
            answer=HEALTHY,
            told_by=(
                "`range(1, attempts)` tries twice, and the test expects three attempts: off by "
                "one. Nothing waited in vain, although the error is called TimeoutError: "
                "`deliver` raises it itself, at once."
            ),
            nudge="Which code raises the error, and how long had the test waited by then?",
            not_this={
                "LC203": (
                    "In LC203 a task waits until a timeout expires. How long did this test take?"
                ),
                "LC502": (
                    "In LC502 the code swallows an error. Here each refusal leads to another "
                    "attempt, as a retry should."
                ),
            },
        ),
        Patient(
            project="museum",
            answer="LC307",
            places=(
                (
                    "guide.py",
                    'guide.reader, guide.writer = await asyncio.open_connection("127.0.0.1", port)',
                ),
                ("test_guide.py", "guide = await Guide.call(desk)"),
                ("test_guide.py", 'assert await guide.tell(2) == "You stand in room 2"'),
            ),
            told_by=(
                "The second test never hangs up: its connection stays open until the garbage "
                "collector finds it. A fixture or `async with` around the guide closes it even "
                "when an assert fails, which the first test would not do either."
            ),
            nudge="Both tests open a connection. What does one do at its end, and the other not?",
            not_this={
                HEALTHY: "Both tests pass. Compare their ends.",
                "LC201": "In LC201 a task is left. Here something else stays open.",
                "LC206": "In LC206 a generator stops half-way. There is none here.",
            },
        ),
    ),
)
