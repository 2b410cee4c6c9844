"""Answers to the exercise of LC402: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc402_async_mock_for_sync_call import SKELETON

SKELETON_SAYS = (
    "what the office calls without `await` is a plain mock",
    "in test_an_umbrella_is_handed_in a call of the mock returned a coroutine",
)

MADE = "return AsyncMock()"
MARK = "pytestmark = pytest.mark.asyncio\n"
ROOM = "ledger.has_room.return_value = True"
FULL = """

async def test_a_full_office_takes_nothing(ledger):
    ledger.has_room.return_value = False
    assert await office.hand_in(ledger, "umbrella") is None
    ledger.add.assert_not_called()
"""
STRICT = (
    ("import AsyncMock", "import AsyncMock, MagicMock, create_autospec"),
    (ROOM, f"{ROOM}\n    ledger.next_number.return_value = 7"),
    ('hand_in(ledger, "umbrella")', 'hand_in(ledger, "umbrella") == 7'),
    ("add.assert_called_once()", 'add.assert_called_once_with(7, "umbrella")'),
)


def changed(*pairs: tuple[str, str], full: str = FULL) -> str:
    """Return the skeleton with changes, each of which must find its place, and a second test."""
    text: str = in_text(*pairs, text=SKELETON)
    return text + full


RIGHT = {
    "a spec": changed((MADE, "return AsyncMock(spec=Ledger)"), *STRICT),
    "a sync mock with a spec": changed((MADE, "return MagicMock(spec=Ledger)"), *STRICT),
    "an autospec": changed((MADE, "return create_autospec(Ledger, instance=True)"), *STRICT),
    "the one method by hand": changed((MADE, "return MagicMock(commit=AsyncMock())"), *STRICT),
    "a fake": """
import asyncio
from office import hand_in

class Book:
    def __init__(self, room):
        self.room, self.lines = room, {}
    def has_room(self):
        return len(self.lines) < self.room
    def next_number(self):
        return 40 + len(self.lines)
    def add(self, number, thing):
        self.lines[number] = thing
    async def commit(self):
        await asyncio.sleep(0)

def test_two_things_and_no_room_for_a_third():
    async def all_three():
        return [await hand_in(book, thing) for thing in ("hat", "key", "cup")]
    book = Book(room=2)
    assert asyncio.run(all_three()) == [40, 41, None]
    assert book.lines == {40: "hat", 41: "key"}
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the warning ignored": (
        changed(
            (
                MARK,
                "pytestmark = [pytest.mark.asyncio, "
                'pytest.mark.filterwarnings("ignore::RuntimeWarning")]\n',
            ),
            full="",
        ),
        "is a plain mock",
        "You silenced the warning",
    ),
    "nothing async": (
        changed(
            (MADE, "return MagicMock(spec=['add', 'commit', 'has_room', 'next_number'])"), *STRICT
        ),
        "every test",
        "That is LC401",
    ),
    "the real ledger": (changed((MADE, "return Ledger()")), "every test", "no book in a test"),
    "a second test, and the double as it was": (changed(), "every test", ""),
    "one call made plain": (
        changed((ROOM, "ledger.has_room = lambda: True"), full=""),
        "is a plain mock",
        "",
    ),
    "a spec alone": (
        changed((MADE, "return AsyncMock(spec=Ledger)"), full=""),
        "a full office",
        "never asks for room",
    ),
    "a spec, and nothing said about the number": (
        changed((MADE, "return AsyncMock(spec=Ledger)")),
        "a wrong number",
        "whatever number",
    ),
    "skipped": (
        changed((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.skip]\n")),
        "every test",
        "drops no coroutine",
    ),
}
