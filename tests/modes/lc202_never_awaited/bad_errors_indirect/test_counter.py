"""The call has another name than the coroutine function, and the warning is an error."""

# findings: 4
# name: Retried.__call__ | Counter.add | add_later | Counter.add
from functools import partial


class Retried:
    def __init__(self, function):
        self.function = function

    async def __call__(self, *arguments):
        return await self.function(*arguments)


class Counter:
    def __init__(self):
        self.total = 0

    async def add(self, number):
        self.total += number


async def add_later(counter, number):
    await counter.add(number)


async def test_a_callable_object():
    counter = Counter()
    add = Retried(counter.add)
    add(1)  # LC202


async def test_a_bound_method_under_another_name():
    counter = Counter()
    count = counter.add
    count(1)  # LC202


async def test_a_partial():
    counter = Counter()
    count_one = partial(add_later, counter, 1)
    count_one()  # LC202


async def test_a_step_of_a_table():
    counter = Counter()
    steps = {"add": counter.add}
    for step in steps.values():
        step(1)  # LC202
