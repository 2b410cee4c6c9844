"""A fake's `async def` where the real client has a plain method; its coroutine has a name first."""

# findings: 2

import pytest


class Clock:
    def read(self):
        return {"now": 3}


class FakeClock:
    async def read(self):  # LC402
        return {"now": 3}


class FakeBus:
    async def pipeline(self):  # LC402
        return self

    def set(self, key, value):
        self.kept = key, value

    async def execute(self):
        return [self.kept]


async def send(bus, text):
    pipe = bus.pipeline()
    pipe.set("text", text)
    return await pipe.execute()


async def elapsed(clock, start):
    read = clock.read()
    return read["now"] - start


# name: FakeClock.read | FakeBus.pipeline
@pytest.mark.asyncio
async def test_send():
    assert await send(FakeBus(), "hello")


@pytest.mark.asyncio
async def test_elapsed():
    assert await elapsed(FakeClock(), 1) == 2
