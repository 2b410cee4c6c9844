"""Clinic two: what half a day with the workbook teaches; three of five projects are green."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="81_clinic_two",
    patients=(
        Patient(
            project="auction",
            answer="LC205",
            places=(
                ("auction.py", "asyncio.create_task(self.tell_all(name, amount))"),
                ("auction.py", "self.letters.append(f\"{bidder['name']}: {name} bids {amount}\")"),
            ),
            told_by=(
                "The task that writes the letters fails at its first bidder, and nothing ever "
                "reads its result, so its TypeError is in no report. Both tests are green, and no "
                "letter was written."
            ),
            nudge="The code starts something and never checks how it went. What did it achieve?",
            not_this={
                HEALTHY: "Both tests pass. Print `auction.letters` at the end of one of them.",
                "LC201": (
                    "In LC201 a task still runs when its test ends. This one had ended. How?"
                ),
                "LC208": (
                    "In LC208 an assert is red because it comes too early. Here no assert checks "
                    "what the task should do."
                ),
            },
        ),
        Patient(
            project="newsroom",
            answer="LC106",
            places=(
                (
                    "conftest.py",
                    '@pytest_asyncio.fixture(scope="session", loop_scope="session")',
                ),
                ("test_newsroom.py", "@pytest.mark.asyncio"),
            ),
            told_by=(
                "The desk runs in a task on the session's loop, and that loop doesn't run while a "
                "test runs on its own. So the text stays in the inbox and nothing corrects it. It "
                "looks like a hang; more time would not help, one loop for both does."
            ),
            nudge=(
                "The task that should answer is alive. On which loop is it, and does that loop "
                "run while the test waits?"
            ),
            not_this={
                "LC203": (
                    "It looks like it: a test waits for something that never comes. But in LC203 "
                    "nothing would bring it. Here `Desk.correct` is alive and would. Why doesn't "
                    "it run?"
                ),
                "LC102": (
                    "In LC102 asyncio raises an error about a different loop. Here two loops are "
                    "involved too, but nothing raises. Which setting made two of them?"
                ),
                "LC107": (
                    "In LC107 a call blocks the loop. Here no line blocks it for long. On which "
                    "loop does `Desk.correct` run?"
                ),
            },
        ),
        Patient(
            project="reservoir",
            answer=HEALTHY,
            told_by=(
                "The pumps run for ever, and that is their work: the fixture ends them, and waits "
                "until they have ended. `suppress(CancelledError)` is around the await of a task "
                "that was cancelled one line above, where it belongs."
            ),
            nudge="For each task: which code ends it, and does that code wait for the end?",
            not_this={
                "LC201": "In LC201 nothing ends the task. Look at what `__aexit__` does.",
                "LC207": (
                    "In LC207 a task swallows its own cancellation and runs on. Here `pump` is "
                    "cancelled and ends; only the code that awaits it suppresses the error."
                ),
                "LC204": "In LC204 a loop in the code never suspends. `pump` yields to the loop "
                "at each step.",
            },
        ),
        Patient(
            project="weather",
            answer="LC107",
            places=(
                ("weather.py", "time.sleep(0.15)  # the sealing device takes its time"),
                ("weather.py", "self.seal(reading)"),
            ),
            told_by=(
                "`time.sleep` is in a plain function that async code calls, so it blocks the "
                "whole loop: the two stations come one after the other, `gather` or not. The "
                "tests are green, and in production all other tasks wait too."
            ),
            nudge="Measure the second test. How long should two at a time take?",
            not_this={
                HEALTHY: "Both tests pass. Measure the second one with `--durations=2`.",
                "LC203": "In LC203 a task waits without end. Here everything finishes, late.",
                "LC204": (
                    "In LC204 code that never ends blocks the loop. Here each step ends, after a "
                    "while. What does it do in that while?"
                ),
            },
        ),
        Patient(
            project="library",
            answer="LC301",
            places=(("conftest.py", "@pytest.fixture"),),
            told_by=(
                "`shelves` is `async def` below `@pytest.fixture`, and in strict mode nothing "
                "runs that. One file has two fixtures with two decorators: the other one is "
                "right."
            ),
            nudge="One of two tests works. Compare the fixtures they request, decorator by "
            "decorator.",
            not_this={
                "LC305": "In LC305 pytest finds no fixture of that name. It finds this one.",
                "LC303": "In LC303 the test doesn't run. Here its fixture doesn't.",
                "LC202": (
                    "Near: something is never awaited. But the missing `await` is pytest's. Why "
                    "didn't pytest know that it should?"
                ),
                "LC106": "In LC106 two scopes do not fit. Here both fixtures live for one test.",
            },
        ),
    ),
)
