"""LC406 mocked-executor: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture replaced the pool with a mock, so nothing was ever printed. The 1 of the
first test came from the fixture, and the second label did not wait for paper: no call had reached
the device. But the fixture had a reason. Without it the second test leaves a thread that waits for
paper, and Python waits for its threads before it ends.

What changed: the pool is the real one. A fixture creates device and printer. At the end it brings
paper before it closes the printer: a thread can't be cancelled, it has to get what it waits for.
The second test waits for the label, which also shows that it was not lost.

Another good way: if the test is not about the thread, let `Printer` take its pool as an argument.
Then pass an `Executor` whose `submit` calls the function at once. This does not work for the second
test: there the call has to wait while other code runs, and that needs a thread.
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
