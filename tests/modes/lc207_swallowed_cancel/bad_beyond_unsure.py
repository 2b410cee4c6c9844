"""The inner handler raises again unless a hook takes the error. The outer one drops it always."""

import asyncio

import pytest


class Event:
    on_error = None

    async def process(self, action):
        try:
            await action()
        except BaseException as error:
            if self.on_error:
                self.on_error(error)
            else:
                raise

    async def trigger(self, action):
        try:
            await self.process(action)
        except asyncio.CancelledError:  # LC207
            return False
        return True


# name: Event.trigger
@pytest.mark.asyncio
async def test_an_event_has_a_limit():
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(Event().trigger(asyncio.Event().wait), 0.05)
