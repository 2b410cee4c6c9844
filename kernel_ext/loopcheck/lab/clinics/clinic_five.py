"""Clinic five: what a process and a store remember from one test to the next."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="84_clinic_five",
    patients=(
        Patient(
            project="shelter",
            answer="LC101",
            places=(
                ("conftest.py", '@pytest.fixture(scope="session")'),
                ("conftest.py", 'return valkey.from_url(os.environ["VALKEY_URL"])'),
                ("conftest.py", "await store.flushdb()"),
            ),
            told_by=(
                "One client for the whole session, and a loop of its own for each test: the client"
                " keeps the connection that it made on the first, which is closed by now. That it"
                " fails in a fixture, two words deep, is only where it was used next."
            ),
            nudge="The store answers the first test. What of it is still in use in the second?",
            not_this={
                "LC505": (
                    "There keys of one test change another. Here the store is emptied before each."
                    " Not what is in it, but the way to it fails."
                ),
                "LC506": "There nobody listens. The first test was answered.",
                "LC106": (
                    "Near: a fixture that outlives its loop. But there pytest runs an async fixture"
                    " on a wider loop. `store` is a plain function. What does its client keep?"
                ),
                "LC102": (
                    "Near: two loops met, as the first error says. What is the last one, and which"
                    " loop does it speak of?"
                ),
            },
        ),
        Patient(
            project="lights",
            answer="LC508",
            places=(
                ("conftest.py", 'async with valkey.from_url(os.environ["VALKEY_URL"]) as store:'),
                ("lights.py", 'return {None: False, "off": False, "on": True}[state]'),
            ),
            told_by=(
                "The store answers in bytes, and the dict has text. One line decides it for all"
                " code: `decode_responses=True` where the client is made. Here the KeyError was"
                " luck; a comparison of both is quietly false."
            ),
            nudge="Read the KeyError letter by letter.",
            not_this={
                "LC505": "There something is left in the store. Here it is emptied each time.",
                "LC409": "There a double makes up an answer. This store is real.",
            },
        ),
        Patient(
            project="lockers",
            answer="LC503",
            places=(
                ("locker.py", "except ConnectionError:"),
                (
                    "test_locker.py",
                    "from valkey.exceptions import ConnectionError as CellarError",
                ),
            ),
            told_by=(
                "Two classes of one name. `except ConnectionError` catches Python's own, and the"
                " client raises its own, which is no child of it. The name in the report is the"
                " same up to its module."
            ),
            nudge="What is raised, in full, and what is caught? Ask both for their module.",
            not_this={
                "LC502": "There an error is swallowed. Here one gets through that should not.",
                "LC506": "The words say so, but the cellar of this test raises them by itself.",
            },
        ),
        Patient(
            project="beehives",
            answer=HEALTHY,
            told_by=(
                "`weights[1]` is the second weighing, not the first. The other test has two"
                " weighings alike, so it could not tell. Loops, store and client are as they"
                " should be."
            ),
            nudge="Follow the three numbers by hand.",
            not_this={
                "LC508": (
                    "There bytes meet text. Here `int` takes the bytes as they come, which it may."
                ),
                "LC505": "There keys of one test change another. Run this one alone: it fails too.",
                "LC208": "There a test looks too early. Every write here was awaited.",
            },
        ),
        Patient(
            project="scooters",
            answer="LC501",
            places=(
                ("scooters.py", 'self.shown = Gauge("scooters_free", "Scooters that can be lent")'),
                ("conftest.py", 'return Fleet(["red", "blue"])'),
            ),
            told_by=(
                "A metric is registered for the whole process, and each fleet makes it anew. One"
                " gauge at module level, or a registry that is handed in, and each test can have"
                " a fleet of its own."
            ),
            nudge="The fixture makes a fleet for each test. What does a fleet make that stays?",
            not_this={
                "LC106": "There loops and scopes don't fit. Nothing here is bound to a loop.",
                "LC602": "There a table is made twice. What is it here that is there already?",
            },
        ),
    ),
)
