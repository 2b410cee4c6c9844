import asyncio
import selectors

import pytest


# name: asyncio.create_subprocess_exec
# needs: asyncio.set_child_watcher
class PollPolicy(asyncio.events.BaseDefaultEventLoopPolicy):  # LC104
    """It has loops, and no word for those who start a child."""

    def _loop_factory(self):
        return asyncio.SelectorEventLoop(selectors.PollSelector())


@pytest.fixture(scope="session")
def event_loop_policy():
    return PollPolicy()
