"""The exercise of LC209: a telegraph whose clerk, a thread, keeps the process after the tests.

The lesson's service has a method that ends its thread. Here there is none, so the test has to send
the word that ends it, and to do so after a failure as well.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NO_THREAD_FAILED,
    NO_THREAD_LEFT,
    NOTHING_LEFT,
    all_there,
    each_notices,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

TELEGRAPH = '''\
"""A telegraph: a clerk, in a thread of his own, files what comes over the wire."""

import asyncio
import queue
import threading


class Telegraph:
    def __init__(self, archive):
        self.archive = archive
        self.wire = queue.Queue()
        self.clerk = threading.Thread(target=self._file, name="clerk")
        self.clerk.start()

    def send(self, letters):
        self.wire.put(letters)

    async def delivered(self):
        await asyncio.to_thread(self.wire.join)

    def _file(self):
        while (letters := self.wire.get()) != "STOP":
            self.archive.append(letters.upper())
            self.wire.task_done()
'''

SKELETON = """\
import pytest
from telegraph import Telegraph


@pytest.fixture
def archive():
    return []


@pytest.fixture
def telegraph(archive):
    return Telegraph(archive)


@pytest.mark.asyncio
async def test_a_message_is_filed(telegraph, archive):
    telegraph.send("arrive monday")
    await telegraph.delivered()
    assert archive == ["ARRIVE MONDAY"]


@pytest.mark.asyncio
async def test_messages_keep_their_order(telegraph, archive):
    for letters in ("leave", "at", "dawn"):
        telegraph.send(letters)
    await telegraph.delivered()
    assert archive == ["LEAVE", "AT", "DAWN"]
"""

FILE, FILES, SMALL = "telegraph.py", "letters.upper()", "letters.lower()"
RED = Run(planted=((FILE, FILES, SMALL),))
SENDS = "self.wire.put(letters)"
CUT = Run(
    planted=(
        (FILE, SENDS, f'if letters != "STOP":\n            raise OSError("cut")\n        {SENDS}'),
    )
)


STARTS = "self.clerk.start()"
STILL = "the clerk of the test before is still at his desk"
ALONE = Run(
    planted=(
        (FILE, "import threading\n", "import threading\n\nclerks = []\n"),
        (
            FILE,
            STARTS,
            "for one in clerks:\n            one.join(0.5)  # he may need a moment\n        "
            f'assert not any(one.is_alive() for one in clerks), "{STILL}"\n'
            f"        clerks.append(self.clerk)\n        {STARTS}",
        ),
    )
)


def _clerk_is_left(seen: Seen) -> str | None:
    if seen.lingering:
        return "a test turned red, and the clerk kept the process from its end"
    return None


def _is_a_daemon_left(seen: Seen) -> bool:
    return seen.reverse and bool(seen.left_threads) and not seen.threads


def _waits_first(seen: Seen) -> bool:
    return seen.late and not seen.planted and seen.running is not None


WRONG_TURNS = (
    WrongTurn(
        name="a message that he cannot read",
        did=lambda seen: bool(seen.thread_errors) and not seen.planted,
        answer="What you sent ends the clerk by an error, as a fault of his would. `_file` shows "
        "the word on which he stops by himself.",
    ),
    WrongTurn(
        name="he goes on",
        did=lambda seen: seen.failed_with(STILL) or _is_a_daemon_left(seen),
        answer="The process ends, and the clerk was still waiting: as a daemon he is cut off at "
        "any line, also in the middle of a message. Send the word that ends him.",
    ),
    WrongTurn(
        name="only if it passes",
        did=lambda seen: seen.planted and seen.lingering,
        answer="If an assertion fails, the lines below it do not run. What ends the clerk belongs "
        "after the `yield` of a fixture, or into a `finally`.",
    ),
    WrongTurn(
        name="a daemon too late",
        did=lambda seen: seen.failed_with("cannot set daemon status"),
        answer="A thread is a daemon or not when it starts. Even then Python would cut the clerk "
        "off at any line, also in the middle of a message.",
    ),
    WrongTurn(
        name="waits before it says so",
        did=_waits_first,
        answer="`join()` waits for the clerk, and the clerk for the wire. Send the word that ends "
        "him first.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test sends nothing. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc209_exit_blocked",
    kind="mend the test",
    task="Both tests must pass, and must fail if the clerk files a message in small letters. The "
    "process must end at once, also when a test fails.",
    edits="test_telegraph.py",
    skeleton=SKELETON,
    frozen={FILE: TELEGRAPH},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        NO_THREAD_FAILED,
        ANY_ORDER,
        NO_THREAD_LEFT,
        Requirement(
            name="each clerk has ended when the next one begins",
            unmet=first_not_passed,
            run=ALONE,
        ),
        each_notices("a message in small letters", FILE, FILES, SMALL),
        Requirement(name="the clerk ends when a test fails, too", unmet=_clerk_is_left, run=RED),
        Requirement(name="the clerk ends whichever line fails", unmet=_clerk_is_left, run=CUT),
        notices("messages in another order", FILE, "archive.append(", "archive.insert(0, "),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What do the tests start that is still running when they have passed?",
        "Each telegraph starts a thread, the clerk, without `daemon=True`. It waits for the next "
        "message. `_file` shows which one ends it: no test sends that.",
        "Let the fixture `yield` the telegraph, and end the clerk below that line, which also runs "
        "when the test has failed: `telegraph.send(…)`, then `join()` of the clerk.",
    ),
    learned="You can tell what keeps a process after its tests, and where to end it.",
)
