"""The exercise of LC508: the alarm of a museum, which reads its doors from a stream.

The lesson has a store and a switch. Here there is no store: any connection delivers bytes, and one
place decodes them. The code is right, and its one test would not notice if it were not.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

ALARM = '''\
"""The alarm of a museum. Its doors report over a line: `front closed`, `café open`."""


async def reports(line):
    """Yield each door and its state, as text."""
    while report := await line.readline():
        door, state = report.decode().split()
        yield door, state


async def ringing(line):
    """Return the doors that the alarm rings for."""
    return [door async for door, state in reports(line) if state == "open"]
'''

SKELETON = """\
import asyncio

import pytest
from alarm import ringing

pytestmark = pytest.mark.asyncio


def line(*reports):
    reader = asyncio.StreamReader()
    for report in reports:
        reader.feed_data(f"{report}\\n".encode())
    reader.feed_eof()
    return reader


async def test_a_closed_door_is_quiet():
    assert not await ringing(line("front closed"))
"""

FILE, RIGHT = "alarm.py", "door, state = report.decode().split()"
BYTES = "door, state = report.split()"
HALF = "door, state = report.split()[0], report.decode().split()[1]"
OTHER = 'door, state = report.decode("latin-1").split()'
RESPELT = 'door, state = str(report, "utf-8").split()'


def _unnoticed(seen: Seen, bug: str) -> bool:
    return bug in seen.bugs and seen.green


def _said(seen: Seen, words: str) -> bool:
    """True if a test failed with *words* while the code was right."""
    return not seen.planted and any(words in said for said in seen.failures.values())


WRONG_TURNS = (
    WrongTurn(
        name="the source is read",
        did=lambda seen: RESPELT in seen.bugs and not seen.green,
        answer="Your test compares the text of the code, not what it returns. The code says the "
        "same in other words here, and is still right.",
    ),
    WrongTurn(
        name="only whether it rings",
        did=lambda seen: _unnoticed(seen, HALF),
        answer="The alarm rings, and the test does not check for which door. `[b'front']` is as "
        "true as `['front']`: compare with the whole answer.",
    ),
    WrongTurn(
        name="names of plain letters",
        did=lambda seen: _unnoticed(seen, OTHER),
        answer="English letters are the same bytes in nearly every encoding, so they cannot show "
        "which one was used. The `é` of `café` can.",
    ),
    WrongTurn(
        name="bytes expected",
        did=lambda seen: _said(seen, "b'") or _said(seen, 'b"'),
        answer="The code returns text, and that is right: the test expects bytes. Write the door "
        "without the `b`.",
    ),
    WrongTurn(
        name="decoded twice",
        did=lambda seen: _said(seen, "'str' object has no attribute 'decode'"),
        answer="`ringing` already returns text. A test that decodes it again would only be right "
        "with the bug. One place decodes, and all other code gets text.",
    ),
)

EXERCISE = Exercise(
    stem="lc508_bytes_or_str",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red when a report stays bytes, when only its door "
    "stays bytes, and when the code decodes it in another encoding.",
    edits="test_alarm.py",
    skeleton=SKELETON,
    frozen={FILE: ALARM},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a report that is left as bytes", FILE, RIGHT, BYTES),
        notices("a door that is left as bytes", FILE, RIGHT, HALF),
        notices("another encoding", FILE, RIGHT, OTHER),
        notices("an alarm for a closed door", FILE, 'if state == "open"', "if state"),
        Requirement(
            name="the tests pass when other words decode the report",
            unmet=first_not_passed,
            run=Run(planted=((FILE, RIGHT, RESPELT),)),
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does `ringing` return for a closed door when the report is text, and when it is "
        "bytes?",
        "Nothing, both times: `b'closed'` is not `'open'`, and neither is `b'open'`. Only an open "
        "door tells the two apart, and only a letter beyond English shows the encoding.",
        'One more test is enough: a line of two reports, `line("café open", "front closed")`, and '
        "an assert that compares the whole answer, not only whether there is one: `assert await "
        "ringing(…) == […]`.",
    ),
    learned="You can test that bytes become text in one place, and in the right encoding.",
)
