"""LC104 loop-policy: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture set a policy when pytest-asyncio had long taken the one of the start. So
both tests ran on `Proactor`. And had it come in time, the lamp would have failed in place of the
horn: no kind of loop serves both.

Why this works: pytest-asyncio asks the hook for each test, before there is a loop, and makes the
loop with what it is given. One entry, so that each test runs once.

Another good way: two entries for all, `{"readers": …, "children": …}`, and a mark on each test that
chooses, `@pytest.mark.asyncio(loop_factories=["readers"])`. Choose it when the tests are yours.
"""

import asyncio

import windows  # noqa: F401 - this machine


def pytest_asyncio_loop_factories(config, item):
    if item.path.name == "test_horn.py":
        return {"readers": asyncio.SelectorEventLoop}
    return {"children": asyncio.ProactorEventLoop}
