"""Clinic four: doubles that do what they were told, and one task of an earlier family."""

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
                "`bridge` made a name of its own at its import, and that name still holds the real"
                " gauge. The other test asks `gauges` itself, so it gets the double: a patch works"
                " for whoever looks the name up in that place, and for nobody else."
            ),
            nudge="One test meets the double. In which module does the other look the name up?",
            not_this={
                "LC401": "There a double is no awaitable. Here no double is called at all.",
                "LC403": (
                    "There the double stands where the code under test should run. Here it stands"
                    " where nobody looks."
                ),
                "LC506": (
                    "The words say so, but no server was asked: the real function refuses by"
                    " itself. Why was it called?"
                ),
            },
        ),
        Patient(
            project="pharmacy",
            answer=HEALTHY,
            told_by=(
                "Eight boxes, eight ordered: none is left, and `1` is a slip of the test. The"
                " double does what it should; an AsyncMock whose methods are told what to answer"
                " is a fine stock."
            ),
            nudge="Count the boxes yourself.",
            not_this={
                "LC402": (
                    "There a plain method became a coroutine by its double. Here all that is asked"
                    " of the stock is awaited, and rightly."
                ),
                "LC409": (
                    "There nobody told the double what to answer. Here `count` says 8, as it was"
                    " told."
                ),
                "LC403": "There the double skips the code under test. `Pharmacy.order` ran whole.",
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
                "The second test never switches the radio off, so its task is still on air when"
                " the loop is closed. The fixture that starts it should end it: then no test can"
                " forget."
            ),
            nudge="What is still at work when the second test has passed?",
            not_this={
                HEALTHY: "Both tests pass. Compare their ends.",
                "LC205": "There a task fails and nobody asks. This one plays on without an error.",
                "LC204": "There a loop of code never gives way. `on_air` does, after each song.",
                "LC207": "There a task swallows its cancelling. Here nobody cancels it.",
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
                "Nobody told this radar what to answer, so it made something up: another double,"
                " which cannot be compared with a number. With `if near:` it would have passed,"
                " and kept a plane waiting."
            ),
            nudge="What did the radar answer? One test does something that the other does not.",
            not_this={
                "LC401": "There a double is no awaitable. This one is, and was awaited.",
                "LC402": (
                    "There a coroutine comes where a plain value should. Here an await was due and"
                    " was done. What came out of it?"
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
                "One method of the gateway was made an AsyncMock, and the other was forgotten."
                " A MagicMock answers at once, and an answer cannot be awaited."
                " `create_autospec` of the real gateway would know which is which."
            ),
            nudge="What is awaited there, and what kind of double gave it?",
            not_this={
                "LC402": "That is the other way round: a coroutine, where a value was expected.",
                "LC409": "There nobody told the double what to answer. This one was told.",
                "LC202": "There an `await` is missing. Here one is there, on what is no awaitable.",
            },
        ),
    ),
)
