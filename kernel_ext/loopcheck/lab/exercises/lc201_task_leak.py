"""The exercise of LC201: a harbour whose tests end every task they find, also one they need.

The lesson shows couriers that nothing ends. Here a fixture ends too much: it cancels all tasks
after each test. Without it the listeners live on. The learner must work out which code should end
which task.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

HARBOUR = '''\
"""The radio of a harbour, and listeners that write what they hear into its book."""

import asyncio


class Radio:
    def __init__(self):
        self.news, self.receivers, self.book = asyncio.Queue(), [], []

    async def transmit(self):  # as long as the harbour is open
        while True:
            words = await self.news.get()
            for receiver in self.receivers:
                receiver.put_nowait(words)
            for receiver in list(self.receivers):
                await receiver.join()
            self.news.task_done()

    async def send(self, words):
        self.news.put_nowait(words)
        async with asyncio.timeout(0.3):
            await self.news.join()


class Listener:
    def __init__(self, radio):
        self.radio = radio

    def start(self):
        self.task = asyncio.create_task(self.listen())

    async def listen(self):
        receiver = asyncio.Queue()
        self.radio.receivers.append(receiver)
        try:
            while True:
                self.radio.book.append(await receiver.get())
                receiver.task_done()
        finally:
            await asyncio.sleep(0)  # the battery is taken out
            self.radio.receivers.remove(receiver)
'''

TESTS = """\
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_warning_is_written_once(radio, listener):
    await radio.send("storm")
    assert radio.book.count("storm") == 1


async def test_the_next_warning_is_written_once(radio, listener):
    await radio.send("fog")
    assert radio.book.count("fog") == 1


async def test_without_a_listener_nothing_is_written(radio):
    await radio.send("rain")
    assert radio.book.count("rain") == 0
"""

SKELETON = '''\
"""conftest.py"""

import asyncio

import pytest_asyncio
from harbour import Listener, Radio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radio():
    radio = Radio()
    task = asyncio.create_task(radio.transmit())
    yield radio
    task.cancel()


@pytest_asyncio.fixture(loop_scope="module")
async def listener(radio):
    listener = Listener(radio)
    listener.start()
    await asyncio.sleep(0)  # it begins to listen
    return listener


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def no_task_is_left():
    yield
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
'''

FILE, OUT = "harbour.py", "await asyncio.sleep(0)  # the battery is taken out"
LICENCE = "the harbour has a licence for one radio"
ONE = "self.news, self.receivers, self.book"
SLOW = Run(planted=((FILE, OUT, "await asyncio.sleep(0.05)"),))
AWAY = "self.radio.receivers.remove(receiver)"
STUCK = Run(planted=((FILE, AWAY, f"{AWAY}\n            raise OSError('the battery is stuck')"),))
ONCE = Run(
    planted=(
        (
            FILE,
            f"        {ONE}",
            f"        assert not vars(Radio).get('on'), '{LICENCE}'\n        Radio.on = True\n"
            f"        {ONE}",
        ),
    )
)


def _outlived(seen: Seen) -> str | None:
    """Return the task that only the closing loop cancelled, because nothing else had."""
    if not seen.left:
        return None
    return f"{seen.left[0]['name']} still ran when its loop was closed, and nobody had ended it"


def _unseen(seen: Seen) -> str | None:
    return "with a battery that is stuck, every test still passed" if seen.green else None


WRONG_TURNS = (
    WrongTurn(
        name="the cure deleted, the reason kept",
        did=lambda seen: not seen.planted and any("Listener" in one["name"] for one in seen.left),
        answer="The radio keeps running now. But the listeners of earlier tests live on, and "
        "write what is meant for the next one: the fixture that starts a listener has to end it.",
    ),
    WrongTurn(
        name="a radio for each test",
        did=lambda seen: seen.failed_with(LICENCE),
        answer="Each test has its own radio now, so no test can take it away from another. But "
        "here one radio has to serve them all; only the listeners come and go.",
    ),
    WrongTurn(
        name="cancelled, not awaited",
        did=lambda seen: seen.planted and not seen.left and seen.failed_with("TimeoutError"),
        answer="`cancel()` only asks the task to stop. The listener needs a moment for that, and "
        "by then the next test has begun. `await` it after the `cancel()`.",
    ),
    WrongTurn(
        name="an error left in its task",
        did=lambda seen: seen.green and any("battery" in one["words"] for one in seen.lost),
        answer="The listener gets its time to stop, but an error during that time stays in the "
        "task: `asyncio.wait` only waits. `await` the task itself, and expect only the "
        "CancelledError.",
    ),
)

EXERCISE = Exercise(
    stem="lc201_task_leak",
    kind="delete the cure",
    task="Make all three tests pass, in any order, with one radio for all of them. Each "
    "listener must end with its test, and an error while it stops must be seen.",
    edits="conftest.py",
    skeleton=SKELETON,
    frozen={"test_harbour.py": TESTS, FILE: HARBOUR},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        Requirement(name="no task is left to the end of its loop", unmet=_outlived),
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="one radio is enough", unmet=first_not_passed, run=ONCE),
        Requirement(
            name="a listener that stops slowly is waited for", unmet=first_not_passed, run=SLOW
        ),
        Requirement(name="an error while it stops is seen", unmet=_unseen, run=STUCK, catches=True),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each task: what starts it, and what ends it? Some other code ends one of them.",
        "`no_task_is_left` also ends the radio, which must outlive the test. Nothing else ends "
        "the listener: its fixture starts it, and returns.",
        "Delete the fixture that ends all tasks. Let `listener` yield, then end what it started: "
        "`listener.task.cancel()`, and `with contextlib.suppress(…): await …`",
    ),
    learned="You can say for each task what ends it, and when.",
    seconds=6.0,
)
