"""LC104 loop-policy: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture set a policy after pytest-asyncio had read the one of the start. So both
tests ran on `Proactor`. With a policy in time, the lamp would have failed instead of the horn: no
kind of loop can do both.

Why this works: pytest-asyncio calls the hook for each test, before there is a loop, and creates the
loop with the factory that the hook returns. With one entry, each test runs once.

Another good way: return two entries for all tests, `{"readers": …, "children": …}`, and let a mark
on each test choose, `@pytest.mark.asyncio(loop_factories=["readers"])`. Choose it if you may change
the tests.
"""

import asyncio

import windows  # noqa: F401 - this machine


def pytest_asyncio_loop_factories(config, item):
    if item.path.name == "test_horn.py":
        return {"readers": asyncio.SelectorEventLoop}
    return {"children": asyncio.ProactorEventLoop}
