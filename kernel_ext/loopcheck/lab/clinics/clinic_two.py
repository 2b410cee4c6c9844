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
                "The task that writes the letters fails at its first bidder, and nobody ever asks"
                " for its result, so its TypeError is in no report. Both tests are green and no"
                " letter was written."
            ),
            nudge="Something here was started and never asked how it went. What did it achieve?",
            not_this={
                HEALTHY: "Both tests pass. Print `auction.letters` at the end of one of them.",
                "LC201": (
                    "There a task is still at work when its test ends. This one had ended. How?"
                ),
                "LC208": (
                    "There the assert is red because it looks too early. Here nothing looks at"
                    " all at what the task should do."
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
                "The desk works in a task on the loop of the session, and that loop stands still"
                " while a test runs on its own. So the text lies in the inbox and nobody corrects"
                " it. It looks like a hang; more time would not help, one loop for both does."
            ),
            nudge=(
                "Somebody should answer, and is alive. Ask on which loop that one works, and"
                " whether it runs while the test waits."
            ),
            not_this={
                "LC203": (
                    "It looks like it: a test waits for what never comes. But there nobody would"
                    " bring it. Here `Desk.correct` is alive and would. Why does it get no turn?"
                ),
                "LC102": (
                    "There asyncio refuses with words about a different loop. Two loops are in it"
                    " here too, but nothing is refused. Which choice made two of them?"
                ),
                "LC107": (
                    "There a call holds the loop. Here no line holds it for long. Ask on which"
                    " loop `Desk.correct` works."
                ),
            },
        ),
        Patient(
            project="reservoir",
            answer=HEALTHY,
            told_by=(
                "The pumps run for ever, and that is their work: the fixture ends them, and waits"
                " until they have ended. `suppress(CancelledError)` stands around the awaiting of"
                " a task that was cancelled one line above, where it belongs."
            ),
            nudge="For each task ask: who ends it, and does that one wait for the end?",
            not_this={
                "LC201": "There nobody ends the task. Look at what `__aexit__` does.",
                "LC207": (
                    "There a task swallows its own cancelling and runs on. Here `pump` is"
                    " cancelled and ends; who awaits it lets that be."
                ),
                "LC204": "There a loop of code never suspends. `pump` gives way at each step.",
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
                "`time.sleep` stands in a plain function that async code calls, so it holds the"
                " whole loop: the two stations come one after the other, `gather` or not. Green,"
                " and in service everybody else waits too."
            ),
            nudge="Take the time of the second test. How long should two at a time take?",
            not_this={
                HEALTHY: "Both tests pass. Take the time of the second one with `--durations=2`.",
                "LC203": "There somebody waits without end. Here everybody gets there, late.",
                "LC204": (
                    "There the loop is held by code that never ends. Here each step ends, after"
                    " a while. What does it do in that while?"
                ),
            },
        ),
        Patient(
            project="library",
            answer="LC301",
            places=(("conftest.py", "@pytest.fixture"),),
            told_by=(
                "`shelves` is `async def` below `@pytest.fixture`, and in strict mode nobody runs"
                " that. Two fixtures of one file, two decorators: the other one is right."
            ),
            nudge="One of two tests works. Compare what they ask for, decorator by decorator.",
            not_this={
                "LC305": "There pytest knows no fixture of that name. It knows this one.",
                "LC303": "There the test is not run. Here its fixture is not.",
                "LC202": (
                    "Near: there is a thing that nobody awaited. But the `await` that is missing"
                    " is pytest's. Why did it not know that it should?"
                ),
                "LC106": "There two scopes do not fit. Here both fixtures live for one test.",
            },
        ),
    ),
)
