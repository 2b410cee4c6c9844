"""Clinic seven: groups, clocks, lifespans and races, and some that only look so."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="86_clinic_seven",
    patients=(
        Patient(
            project="planetarium",
            answer="LC310",
            places=(
                ("conftest.py", "async with anyio.create_task_group() as tasks:"),
                ("conftest.py", "yield Projector(tasks)"),
            ),
            told_by=(
                "pytest-asyncio runs the lines above a fixture's `yield` in one task, and those "
                "below it in another. A task group has to be left by the task that entered it. Let "
                "the fixture start one task that opens the group and waits, or open the group in "
                "the test."
            ),
            nudge="Which task enters the group, and which one leaves it?",
            not_this={
                "LC201": (
                    "In LC201 a task outlives its test. Here none does: the group would wait for "
                    "all of them."
                ),
                "LC212": "In LC212 an error arrives inside a group. Here no line expects an error.",
                "LC106": "In LC106 two loops do not fit. Here there is one loop, and two tasks.",
            },
        ),
        Patient(
            project="mill",
            answer="LC202",
            places=(("mill.py", "self.enter(farmer, sacks)"),),
            told_by=(
                "The sacks are right, and the book lacks one entry: the branch for large "
                "deliveries calls `enter` and never awaits it, so no line of it ran. `sacks += …` "
                "is safe, since it reads after the wait."
            ),
            nudge="Is an entry overwritten, or was it never written? Look at who awaits what.",
            not_this={
                "LC211": (
                    "Near: tasks run at once, and a total is too small. But `self.sacks` is read "
                    "after the wait, and `append` reads nothing. Does it also fail with one farmer?"
                ),
                "LC208": (
                    "In LC208 a task has not got there yet. Here `gather` has waited for both."
                ),
                "LC205": "In LC205 an error is lost. Here none was raised.",
            },
        ),
        Patient(
            project="pharmacy",
            answer="LC311",
            places=(("conftest.py", "return TestClient(app)"),),
            told_by=(
                "`TestClient` runs the lifespan of an app in its `with` block only. Without the "
                "block nothing fills the drawers: `with TestClient(app) as counter: yield counter`."
            ),
            nudge="Which lines fill the drawers, and does anything run them in a test?",
            not_this={
                "LC301": (
                    "In LC301 the fixture is async, and no plugin runs it. Here the fixture is a "
                    "plain one, and runs."
                ),
                "LC505": "In LC505 something is left by another test. Here something is missing.",
                "LC305": "In LC305 pytest finds no fixture of that name.",
            },
        ),
        Patient(
            project="regatta",
            answer="LC212",
            places=(
                ("regatta.py", "except Capsized:"),
                ("regatta.py", "async with asyncio.TaskGroup() as water:"),
            ),
            told_by=(
                "A task group raises its tasks' errors inside an `ExceptionGroup`, even a single "
                "one, and a group of `Capsized` is no `Capsized`. Let `race` open the group, and "
                "raise its member: its callers should not have to know about it."
            ),
            nudge="Read the first line of the error, not the last.",
            not_this={
                "LC503": (
                    "Near: the class that arrives is not the one that is named. But there is only "
                    "one `Capsized` in this project. In what does it arrive?"
                ),
                "LC205": "In LC205 no line meets the error. Here it arrives, and stops the test.",
                "LC502": "In LC502 the code swallows an error. Here it should, and does not.",
            },
        ),
        Patient(
            project="sauna",
            answer="LC411",
            hangs=True,
            places=(("test_sauna.py", 'monkeypatch.setattr(time, "monotonic", lambda: 600.0)'),),
            told_by=(
                "The loop sleeps by `time.monotonic`, and the test stops that clock for "
                "everybody. So neither the sleep nor the timeout ever ends. Pass the sauna a "
                "clock of its own, or replace a name in its module."
            ),
            nudge="The timeout did not fire either. What do both ask whether it is time?",
            not_this={
                "LC203": (
                    "Near: something is awaited that never comes. But it is a sleep of 0.01 "
                    "seconds: what keeps it from ending?"
                ),
                "LC107": (
                    "In LC107 a call keeps the thread. Here the loop runs all the time, and finds "
                    "no timer that is due."
                ),
                "LC405": (
                    "Near: the test replaces something about time. But `asyncio.sleep` is the real "
                    "one."
                ),
            },
        ),
        Patient(
            project="marathon",
            answer=HEALTHY,
            told_by=(
                "`+= await` reads before it waits, but a lock is held from the read to the write, "
                "and all runners share it. The test counts the runners from 1, and they run from 0."
            ),
            nudge="What else is in `run`? And which runners does the test expect?",
            not_this={
                "LC211": (
                    "Without the lock it would be. The lock belongs to the marathon, so all its "
                    "runners wait for each other."
                ),
                "LC208": "In LC208 a task has not got there yet. Here `gather` waits for all.",
                "LC203": "In LC203 a wait never ends. Here all end, one after the other.",
            },
        ),
        Patient(
            project="aviary",
            answer="LC211",
            places=(
                ("aviary.py", "if self.birds[nest] > 0:"),
                ("aviary.py", "self.birds[nest] += 1"),
            ),
            told_by=(
                "Both birds find the nest free, wait for their rings, and move in. The check is as "
                "old as the wait. Take the nest before the wait, `self.birds[nest] += 1`, or hold "
                "one lock around both."
            ),
            nudge="What can change between the check and the line that relies on it?",
            not_this={
                "LC208": (
                    "In LC208 a task has not got there yet. Here both have ended, and the "
                    "number is too large."
                ),
                "LC606": "Near: two tasks use one thing at once. But it is no session: it is data.",
                "LC505": "In LC505 another test left something. Here the aviary is new.",
            },
        ),
    ),
)
