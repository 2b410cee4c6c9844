"""Answers to the exercise of LC401: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc401_sync_mock_awaited import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_the_switches_of_a_free_track_are_turned: TypeError: An asyncio.Future, a coroutine or "
    "an awaitable is required",
)

MADE = "return MagicMock()"
FREE = "box.is_free.return_value = True"
MARK = "pytestmark = pytest.mark.asyncio\n"
PROOF = """

async def test_a_taken_track_is_left_alone(box):
    box.is_free.return_value = False
    assert not await line.set_route(box, "north", ["A"], "left")
    box.turn.assert_not_called()
"""


def changed(*pairs: tuple[str, str], proof: str = PROOF) -> str:
    """Return the skeleton with changes, each of which must find its place, and a proof."""
    text: str = in_text(
        *pairs,
        ("import MagicMock", "import AsyncMock, MagicMock, create_autospec"),
        text=SKELETON,
    )
    return text + proof


RIGHT = {
    "a spec": changed((MADE, "return MagicMock(spec=SignalBox)")),
    "an AsyncMock with a spec": changed((MADE, "return AsyncMock(spec=SignalBox)")),
    "an autospec": changed((MADE, "return create_autospec(SignalBox, instance=True)")),
    "the one method by hand": changed((MADE, "return MagicMock(turn=AsyncMock())")),
    "a fake instead of a mock": """
import asyncio
from line import set_route

class Box:
    def __init__(self, free):
        self.free, self.turned = free, []
    def is_free(self, track):
        return self.free
    async def turn(self, *what):
        await asyncio.sleep(0)
        self.turned.append(what)

def test_free():
    box = Box(free=True)
    assert asyncio.run(set_route(box, "n", "AB", "left")) is True
    assert box.turned == [("A", "left"), ("B", "left")]

def test_taken():
    box = Box(free=False)
    assert asyncio.run(set_route(box, "n", "AB", "left")) is False
    assert box.turned == []
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "everything async": (
        changed((MADE, "return AsyncMock()"), proof=""),
        "without `await` is a plain mock",
        "for this mock each track is free",
    ),
    "everything async, and a test that agrees with it": (
        changed((MADE, "return AsyncMock()"), proof=PROOF.split("    assert not")[0]),
        "without `await` is a plain mock",
        "That is LC402",
    ),
    "everything async, and a proof": (
        changed((MADE, "return AsyncMock()")),
        "every test",
        "each track is free",
    ),
    "a coroutine by hand": (
        changed(
            (
                MADE,
                "return MagicMock(**{'turn.return_value': turned()})\n\n\nasync def turned(): pass",
            )
        ),
        "every test",
        "sync mock doesn't record awaits",
    ),
    "a lambda": (
        changed((FREE, f"{FREE}\n    box.turn = lambda switch, side: None")),
        "every test",
        "",
    ),
    "the real box": (changed((MADE, "return SignalBox()")), "every test", "no street in a test"),
    "no proof": (
        changed((MADE, "return MagicMock(spec=SignalBox)"), proof=""),
        "a taken track",
        "never asks whether",
    ),
    "a proof that proves nothing": (
        changed((MADE, "return MagicMock(spec=SignalBox)"), proof=PROOF.split("    assert")[0]),
        "a taken track",
        "never asks whether",
    ),
    "the error expected": (
        changed(
            (
                'assert await line.set_route(box, "north", ["A", "B"], "left")\n',
                "with pytest.raises(TypeError):\n"
                '        await line.set_route(box, "north", ["A", "B"], "left")\n    return\n',
            )
        ),
        "a switch that is not turned",
        "",
    ),
    "skipped": (
        changed((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.skip]\n")),
        "every test",
        "turns no switch",
    ),
}
