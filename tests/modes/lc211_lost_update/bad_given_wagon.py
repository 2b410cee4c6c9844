"""`take` returns its future. The depot hands the wagon over, and the next one finds none."""

import asyncio

import pytest


def answer(future, value):
    if not future.cancelled():
        future.set_result(value)


class Depot:
    def __init__(self):
        self.wagons, self.waiting = [], {}

    def take(self, name):
        future = asyncio.get_event_loop().create_future()  # LC211
        if self.wagons:
            future.set_result(self.wagons.pop())
        else:
            self.waiting.setdefault(name, future)
        return future

    def bring(self, wagon):
        for name in list(self.waiting):
            return answer(self.waiting.pop(name), wagon)
        self.wagons.append(wagon)

    def take_now(self):
        if not self.wagons:
            raise LookupError("no wagon is left")
        return self.wagons.pop()


async def load(depot):
    return await depot.take("load")


# name: depot
@pytest.mark.asyncio
async def test_a_wagon_is_left():
    depot = Depot()
    loading = asyncio.create_task(load(depot))
    await asyncio.sleep(0)
    depot.bring("red")
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    assert depot.take_now() == "red"
