"""Answers to the exercise of LC405: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc405_mocked_sleep import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "still running in test_it_gives_up_after_five when the time was up",
)

MEASURED = "    assert clock() - began >= 1 + 2 + 4 + 8 + 16\n"
ASKED = "    assert pauses == [1, 2, 4, 8, 16]\n"
MARK = "pytestmark = pytest.mark.asyncio\n"
DOUBLE = """

@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    pauses, real = [], asyncio.sleep

    async def sleep(seconds, result=None):
        pauses.append(seconds)
        await real(0)

    monkeypatch.setattr("asyncio.sleep", sleep)
    return pauses
"""


def doubled(fixture: str, asked: str = ASKED) -> str:
    """Return the skeleton with a fixture for all, and another end of the first test."""
    text: str = in_text(
        (MARK, MARK + fixture),
        (MEASURED, asked),
        ("after_five()", "after_five(pauses)"),
        text=SKELETON,
    )
    return text


def mocked(double: str) -> str:
    """Return the skeleton with a patch for all, which gives a list of what it was asked for."""
    return doubled(
        f"""

from unittest.mock import AsyncMock, MagicMock, patch

@pytest.fixture(autouse=True)
def pauses():
    with patch("webhook.asyncio.sleep", {double}) as sleep:
        yield sleep
""",
        "    assert [one.args[0] for one in pauses.call_args_list] == [1, 2, 4, 8, 16]\n",
    )


RIGHT = {
    "a double for all that gives way": doubled(DOUBLE),
    "a name of the module's own": doubled(
        """

@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    class Asyncio:
        asked = []

        async def sleep(self, seconds):
            self.asked.append(seconds)
            await asyncio.sleep(0)

    monkeypatch.setattr(webhook, "asyncio", Asyncio())
    Asyncio.asked.clear()
    return Asyncio.asked
"""
    ),
    "a mock whose side effect gives way": mocked("AsyncMock(side_effect=one_turn(asyncio.sleep))")
    + """

def one_turn(real):
    async def turn(seconds):
        await real(0)
    return turn
""",
    "a loop whose clock jumps": """
import asyncio
import pytest
import webhook
from shop import Shop

class Jumps(asyncio.SelectorEventLoop):
    ahead = 0.0

    def time(self):
        return super().time() + self.ahead

    def _run_once(self):
        if self._scheduled and not self._ready:
            self.ahead += max(0.0, self._scheduled[0]._when - self.time())
        super()._run_once()

def run(coroutine):
    with asyncio.Runner(loop_factory=Jumps) as runner:
        return runner.run(coroutine)

def test_five():
    async def five():
        clock = asyncio.get_running_loop().time
        began = clock()
        with pytest.raises(webhook.GaveUp):
            await webhook.deliver(shop, "7")
        return clock() - began
    shop = Shop()
    assert 31 <= run(five()) < 32
    assert shop.rings == 5

def test_opens():
    assert run(webhook.deliver(Shop(3), "7")) == "thanks"

def test_limit():
    with pytest.raises(TimeoutError):
        run(asyncio.wait_for(webhook.deliver_for_sure(Shop(), "7"), 400))
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "an AsyncMock for all": (mocked("AsyncMock()"), "every test", "The mock has to yield"),
    "a function that returns at once": (
        doubled(DOUBLE.replace("        await real(0)\n", "")),
        "every test",
        "The mock has to yield",
    ),
    "a finished future": (
        mocked("AsyncMock(return_value=asyncio.Future(loop=asyncio.new_event_loop()))"),
        "every test",
        "The mock has to yield",
    ),
    "an AsyncMock, but not for the endless one": (
        mocked("AsyncMock()")
        .replace("autouse=True", "")
        .replace("is_served()", "is_served(pauses)"),
        "every test",
        "The pauses are not short now, they are gone",
    ),
    "a double that finds itself": (
        doubled(DOUBLE.replace("real(0)", "asyncio.sleep(0)")),
        "every test",
        "it finds itself",
    ),
    "a MagicMock": (mocked("MagicMock()"), "every test", "LC401"),
    "assigned": (
        doubled(
            DOUBLE.replace('monkeypatch.setattr("asyncio.sleep", sleep)', "asyncio.sleep = sleep")
        ),
        "every test",
        "The mock is still there",
    ),
    "nobody asks how long": (
        doubled(DOUBLE, ""),
        "a pause that does not grow",
        "can record the seconds it",
    ),
    "only one is made short": (
        in_text(
            (MARK, MARK + DOUBLE.replace("autouse=True", "")),
            (MEASURED, ASKED),
            ("after_five()", "after_five(pauses)"),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
    "the endless one left out": (
        doubled(DOUBLE).split("async def test_a_timeout")[0],
        "all four",
        "",
    ),
    "a limit that never comes": (
        doubled(DOUBLE).replace("deliver_for_sure", "deliver"),
        "every test",
        "",
    ),
    "skipped": (
        SKELETON.replace("async def test_it", "@pytest.mark.skip\nasync def test_it").replace(
            "async def test_a_shop", "@pytest.mark.skip\nasync def test_a_shop"
        ),
        "every test",
        "takes no time",
    ),
}
