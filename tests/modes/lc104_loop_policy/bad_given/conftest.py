import asyncio
from asyncio.selector_events import BaseSelectorEventLoop

import pytest


class SamePolicy(asyncio.DefaultEventLoopPolicy):
    """The same loop on all systems."""

    _loop_factory = BaseSelectorEventLoop


@pytest.fixture(scope="session")
def event_loop_policy():  # LC104
    return SamePolicy()
