"""Clinic three: tasks, what is left open, and what pytest was never told to run."""

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
                "`hand_in` only starts the sorting. The assert comes before the task had its turn;"
                " a moment later the letter lies in its box. What has to be awaited is the work,"
                " not a while."
            ),
            nudge="Ask when the letter gets into its box, and what the test did until then.",
            not_this={
                "LC201": (
                    "There nobody waits for the task. Here `close` does, after the test. The"
                    " assert comes before that."
                ),
                "LC205": "There the task fails. Here it succeeds, a moment later.",
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
                "In strict mode each async test needs its mark, and the test in the class has"
                " none, so no plugin runs it. pytest's words list plugins to install: the right"
                " one is here. And behind it waits a real bug: `zip` forgets the odd player."
            ),
            nudge="One of two tests runs. Compare what stands above them.",
            not_this={
                "LC202": (
                    "Near: a coroutine that nobody awaits. But it is the test itself. Who should"
                    " have run it?"
                ),
                "LC301": "There a fixture is not run. There is no fixture here.",
                "LC304": (
                    "There a setting or a plugin is not known. The other test shows that the"
                    " plugin is there, and runs."
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
                "`total` starts a loop of its own, which nobody can where one runs already. The"
                " plain test has none, and passes. The coroutine that was never awaited is what"
                " the refusal leaves behind, not the cause."
            ),
            nudge="The same method works in one test. What is there in the other, at its call?",
            not_this={
                "LC202": (
                    "There an `await` was forgotten. Here the warning comes after the error:"
                    " `asyncio.run` was handed a coroutine, and refused. Why?"
                ),
                "LC105": (
                    "There a loop is made by hand and left. Here it is not even made: it is"
                    " refused."
                ),
            },
        ),
        Patient(
            project="newspaper",
            answer=HEALTHY,
            told_by=(
                "`range(1, attempts)` tries twice where three were asked for: off by one. Nobody"
                " waited in vain, though the error is called TimeoutError: `deliver` raises it"
                " by itself, at once."
            ),
            nudge="Ask who raises the error, and how long anybody had waited by then.",
            not_this={
                "LC203": (
                    "There somebody waits until a limit runs out. How long did this test take?"
                ),
                "LC502": (
                    "There an error is swallowed and goes missing. Here each refusal is answered"
                    " by another attempt, as a retry should."
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
                "The second test never hangs up: its connection stays open until the garbage"
                " collector finds it. A fixture or `async with` around the guide closes it even"
                " when an assert fails, which the first test would not do either."
            ),
            nudge="Both tests call. What does the one do at its end, and the other not?",
            not_this={
                HEALTHY: "Both tests pass. Compare their ends.",
                "LC201": "There a task is left. Here it is something else that stays open.",
                "LC206": "There a generator stops half-way. There is none here.",
            },
        ),
    ),
)
