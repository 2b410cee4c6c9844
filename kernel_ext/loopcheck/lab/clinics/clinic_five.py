"""Clinic five: what a process and a store keep from one test to the next."""

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
            ),
            told_by=(
                "All tests of the session share one client, and each test has its own loop. The "
                "client keeps the connection that it made on the first loop, which is closed by "
                "now. The error comes from a fixture only because that is the next place that "
                "uses the client."
            ),
            nudge="The store answers the first test. What of that is still in use in the second?",
            not_this={
                "LC505": (
                    "In LC505 the keys of one test change another. Here a fixture empties the "
                    "store before each test. The connection fails, not its content."
                ),
                "LC506": "In LC506 nothing listens. Here the store answered the first test.",
                "LC106": (
                    "Near: a fixture that outlives its loop. But in LC106 pytest runs an async "
                    "fixture on a wider loop. `store` is a plain function. What does its client "
                    "keep?"
                ),
                "LC102": (
                    "Near: two loops are involved, as the first error says. What is the last "
                    "error, and which loop is it about?"
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
                "The store returns bytes, and the dict has text. One setting decides it for all "
                "code: `decode_responses=True` where the client is made. The KeyError here was "
                "luck; comparing bytes with text is just false, without an error."
            ),
            nudge=(
                "Compare the key in the KeyError with the keys of the dict, letter by letter. "
                "Which line decides what the store returns?"
            ),
            not_this={
                "LC505": "In LC505 a test leaves something in the store. Here a fixture empties "
                "it each time.",
                "LC409": "In LC409 a mock makes up an answer. This store is real.",
            },
        ),
        Patient(
            project="lockers",
            answer="LC503",
            places=(("locker.py", "except ConnectionError:"),),
            told_by=(
                "Two classes share a name. `except ConnectionError` catches Python's own, and the "
                "client raises its own, which is not a subclass of it. In the report the two "
                "names differ only in their module."
            ),
            nudge="Which class does the code raise, and which does it catch? Print the module of "
            "both.",
            not_this={
                "LC502": "In LC502 the code swallows an error. Here an error gets through that it "
                "should catch.",
                "LC506": "The message says so, but the cellar in this test raises it without any "
                "network.",
            },
        ),
        Patient(
            project="beehives",
            answer=HEALTHY,
            told_by=(
                "`weights[1]` is the second weighing, not the first. In the other test all "
                "weighings of hive a are equal, so it cannot tell. Loops, store and client are as "
                "they should be."
            ),
            nudge="Follow the three numbers by hand.",
            not_this={
                "LC508": (
                    "In LC508 the code mixes bytes and text. Here `int` takes the bytes directly, "
                    "which is fine."
                ),
                "LC505": "In LC505 the keys of one test change another. Run this test alone: it "
                "fails too.",
                "LC208": "In LC208 a test asserts too early. Here the tests await every write.",
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
                "prometheus_client registers a metric for the whole process, and each fleet makes "
                "it again. Make one gauge at module level, or pass in a registry: then each test "
                "can have its own fleet."
            ),
            nudge="The fixture makes a fleet for each test. What does a fleet make that outlives "
            "it?",
            not_this={
                "LC106": "In LC106 loops and scopes don't fit. Nothing here is bound to a loop.",
                "LC602": "In LC602 the code makes a table twice. What does it make twice here?",
            },
        ),
    ),
)
