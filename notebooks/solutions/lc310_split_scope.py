"""LC310 split-scope: the solution of the exercise, why it works, another good way.

What was wrong: the fixture entered the limit in one task, and pytest-asyncio ran the test in
another and the end of the fixture in a third. anyio refused the exit. The error was the smaller
half of the fault. A limit cancels the task that entered it, and that one had ended, so a slow press
was never stopped.

What changed: each test enters the limit itself. One task enters it, waits in it and exits it.

Another good way: a decorator, which a new test cannot leave out halfway. It stands below the mark,
and `wraps` keeps the test's parameters visible to pytest.

    def in_time(test):
        @functools.wraps(test)
        async def limited(*args, **kwargs):
            async with asyncio.timeout(0.2):
                return await test(*args, **kwargs)

        return limited

Choose it when many tests share the limit. `asyncio.timeout` and `anyio.fail_after` are equally
good here, since both are entered and exited in the task of the test.
"""

import anyio
import pytest
from press import Press


@pytest.mark.asyncio
async def test_sheets_are_numbered():
    with anyio.fail_after(0.2):
        assert await Press().pull("lion", 2) == ["lion 1", "lion 2"]


@pytest.mark.asyncio
async def test_no_sheet_is_pulled_for_nothing():
    press = Press()
    with anyio.fail_after(0.2):
        assert await press.pull("swan", 0) == []
        assert await press.pull("swan", 1) == ["swan 1"]
