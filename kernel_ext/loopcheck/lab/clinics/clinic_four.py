"""Clinic four: mocks that answer as configured, and one task of an earlier family."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="83_clinic_four",
    patients=(
        Patient(
            project="bridge",
            answer="LC404",
            places=(
                ("test_bridge.py", 'monkeypatch.setattr("gauges.water_level", level)'),
                ("bridge.py", "from gauges import water_level"),
            ),
            told_by=(
                "`bridge` copied the name at its import, and its copy still refers to the real "
                "gauge. The other test calls `gauges` itself, so it gets the mock: a patch only "
                "reaches code that looks the name up in the patched module."
            ),
            nudge="One test gets the mock. In which module does the other look the name up?",
            not_this={
                "LC401": "In LC401 the code awaits a mock that isn't awaitable. Here the code "
                "calls no mock at all.",
                "LC403": (
                    "In LC403 the mock replaces the code under test. Here it is in a place where "
                    "no code looks."
                ),
                "LC506": (
                    "The message says so, but the test contacted no server: the real function "
                    "raises it without one. Why was the real function called?"
                ),
            },
        ),
        Patient(
            project="pharmacy",
            answer=HEALTHY,
            told_by=(
                "Eight boxes, eight ordered: none is left, and `1` is a slip in the test. The "
                "mock is right: an AsyncMock with a return value for each method is a fine stock."
            ),
            nudge="Count the boxes yourself.",
            not_this={
                "LC402": (
                    "In LC402 the mock turns a plain method into a coroutine. Here the code "
                    "awaits every call on the stock, and rightly."
                ),
                "LC409": (
                    "In LC409 the mock has no configured answer. Here `count` returns 8, as "
                    "configured."
                ),
                "LC403": "In LC403 the mock skips the code under test. Here all of "
                "`Pharmacy.order` ran.",
            },
        ),
        Patient(
            project="radio",
            answer="LC201",
            places=(
                ("radio.py", "self.playing = asyncio.create_task(self.on_air())"),
                ("test_radio.py", "return radio"),
                ("test_radio.py", "await radio.switch_on()"),
                ("test_radio.py", 'assert radio.played[1] == "tango"'),
            ),
            told_by=(
                "The second test never switches the radio off, so its task is still on air when "
                "the loop closes. The fixture that starts the task should end it: then no test "
                "can forget."
            ),
            nudge="What is still running when the second test has passed?",
            not_this={
                HEALTHY: "Both tests pass. Compare their ends.",
                "LC205": "In LC205 a task fails and nothing reads its error. This task plays on "
                "without an error.",
                "LC204": "In LC204 a loop in the code never yields to the event loop. `on_air` "
                "does, after each song.",
                "LC207": "In LC207 a task swallows its cancellation. Here nothing cancels it.",
            },
        ),
        Patient(
            project="tower",
            answer="LC409",
            places=(
                ("test_tower.py", "return AsyncMock()"),
                ("tower.py", "if near > 2:"),
                ("test_tower.py", 'assert await Tower(radar).clear("LH 401") == "land, LH 401"'),
            ),
            told_by=(
                "Nothing sets this radar's answer, so it made one up: another mock, which cannot "
                "be compared with a number. With `if near:` the test would have passed, and kept "
                "a plane waiting."
            ),
            nudge="What did the radar return? One test sets something that the other does not.",
            not_this={
                "LC401": "In LC401 the mock isn't awaitable. This one is, and the code awaited it.",
                "LC402": (
                    "In LC402 the code gets a coroutine where it needs a plain value. Here it "
                    "needed an await, and awaited. What did the await return?"
                ),
            },
        ),
        Patient(
            project="cinema",
            answer="LC401",
            places=(
                ("conftest.py", "gateway = MagicMock()"),
                ("conftest.py", 'gateway.charge.return_value = "receipt 1"'),
            ),
            told_by=(
                "One method of the gateway is an AsyncMock, the other was forgotten. A MagicMock "
                "returns its value at once, and a plain value cannot be awaited. "
                "`create_autospec` of the real gateway would make each method the right kind."
            ),
            nudge="What does the code await there, and what kind of mock returned it?",
            not_this={
                "LC402": "LC402 is the other way round: a coroutine where the code expects a "
                "value.",
                "LC409": "In LC409 the mock has no configured answer. This one has.",
                "LC202": "In LC202 an `await` is missing. Here there is one, on something that "
                "isn't awaitable.",
            },
        ),
    ),
)
