"""LC406 mocked-executor: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture put a double in place of the pool, so nothing was ever printed. The 1 of
the first test came from the fixture, and the second label did not wait for paper: nobody had asked
the device. But the fixture was made for a reason. Without it the second test leaves a thread that
waits for paper, and Python waits for its threads before it ends.

What changed: the pool is the real one. A fixture makes device and printer, and in the end it brings
paper before it closes the printer: a thread can't be cancelled, it has to get what it waits for.
The second test lets the label come out, which also shows that it was not lost.

Another good way: if the thread is no part of what the test is about, let `Printer` take its pool as
an argument, and hand in an `Executor` whose `submit` calls the function at once. Not for the second
test: there the call has to wait while somebody else goes on, and that takes a thread.
"""

import asyncio

import labels
import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture
def device():
    return labels.Device()


@pytest.fixture
def printer(device):
    printer = labels.Printer(device)
    yield printer
    device.paper.set()
    printer.close()


async def test_a_label_is_printed(device, printer):
    device.paper.set()
    assert await printer.print("rye") == 1
    assert device.printed == ["RYE"]


async def test_a_label_waits_for_paper(device, printer):
    printing = asyncio.create_task(printer.print("rye"))
    await asyncio.sleep(0)
    assert not printing.done()
    device.paper.set()
    assert await printing == 1
