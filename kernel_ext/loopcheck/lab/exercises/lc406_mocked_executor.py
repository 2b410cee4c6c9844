"""The exercise of LC406: a workaround against threads keeps a printer's tests green and idle.

In the lesson the learner removes the workaround, and that is all. Here it hides the problem that it
was made for: one test leaves a thread that waits for paper, and a run with that thread never ends.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    holds,
    notices,
)

LABELS = '''\
"""A printer of labels. Its device is slow, so a thread of its own writes to it."""

import asyncio
import concurrent.futures
import threading


class Device:
    def __init__(self):
        self.printed, self.paper = [], threading.Event()

    def write(self, label):
        self.paper.wait()
        self.printed.append(label)
        return len(self.printed)


class Printer:
    def __init__(self, device):
        self.device = device
        self.pool = concurrent.futures.ThreadPoolExecutor(1)

    async def print(self, bread):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, self.device.write, bread.upper())

    def close(self):
        self.pool.shutdown()
'''

THREADS = """\
import gc
import threading


def test_no_thread_is_left():
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            for _ in range(50):  # after its last work it holds its pool for a moment more
                gc.collect()
                thread.join(0.02)
                if not thread.is_alive():
                    break
            assert not thread.is_alive(), "a thread still waits"
"""

SKELETON = '''\
import asyncio
import concurrent.futures
from unittest.mock import patch

import labels
import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def without_threads():
    """Without this the run never ended."""
    done = concurrent.futures.Future()
    done.set_result(1)
    with patch("concurrent.futures.ThreadPoolExecutor") as pool:
        pool.return_value.submit.return_value = done
        yield


async def test_a_label_is_printed():
    device = labels.Device()
    device.paper.set()
    assert await labels.Printer(device).print("rye") == 1


async def test_a_label_waits_for_paper():
    device = labels.Device()
    printing = asyncio.create_task(labels.Printer(device).print("rye"))
    await asyncio.sleep(0)
    assert device.printed == []
'''

FILE, WAITS, THREAD = "labels.py", "self.paper.wait()", "test_no_thread_is_left"
ASKS = "while not self.paper.is_set():\n            self.paper.wait()"
LOOP = "loop = asyncio.get_running_loop()"
LOSES = f"""{LOOP}
        if not self.device.paper.is_set():
            await loop.run_in_executor(self.pool, self.device.paper.wait)
            return None"""


WRONG_TURNS = (
    WrongTurn(
        name="a thread without paper",
        did=lambda seen: seen.outcomes.get(THREAD) == "failed",
        answer="Now the printer prints, and you see what the fixture was for: in one test nothing "
        "brings paper, so a thread waits for ever, and the run with it. Nothing can cancel a "
        "thread, and `shutdown` waits for it as well. It ends when it gets what it waits for.",
    ),
    WrongTurn(
        name="at once, in the loop",
        did=lambda seen: seen.late and seen.running is not None,
        answer="This test is stuck. If the line that waits for paper runs in the loop's own "
        "thread, the task that would bring the paper never runs; if it runs in another thread, "
        "nothing has brought any yet. A blocking call needs a real thread, and paper before you "
        "wait for the label or shut the thread down.",
    ),
    WrongTurn(
        name="no word of the label",
        did=lambda seen: seen.planted and seen.green and "not a label" in "".join(seen.bugs),
        answer="The printer prints, and no test looks at what it printed. The device keeps it.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test prints nothing. Both can run with a real thread.",
    ),
)

EXERCISE = Exercise(
    stem="lc406_mocked_executor",
    kind="delete the cure",
    task="Every test must pass with labels that are really printed, also the one that has to "
    "wait for its paper, and no thread may be left.",
    edits="test_labels.py",
    skeleton=SKELETON,
    frozen={FILE: LABELS, "test_threads.py": THREADS},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a device that is out of order",
            FILE,
            "self.printed.append(label)",
            'raise SystemError("out of order")',
        ),
        notices("a wrong label", FILE, "bread.upper()", '"not a label"'),
        notices("a label that is lost if it has to wait for paper", FILE, LOOP, LOSES),
        holds("a device that asks for its paper in another way", (FILE, WAITS, ASKS)),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "In which of the two tests does `Device.write` run at all?",
        "In neither: the fixture returns a future that is already done. Without it the second "
        "test leaves a thread that waits for paper, and the run waits for the thread.",
        "Remove the fixture. In the second test, after its assert, bring the paper with "
        "`device.paper.…()`, then `assert await printing == …` and look at `device.printed`. "
        "Close each printer at the end: `printer.close()`. If an assert may fail before, use a "
        "`try: … finally:` or a fixture to bring the paper and close.",
    ),
    learned="You can test threaded code on real threads, and leave none behind.",
    seconds=3.0,
)
