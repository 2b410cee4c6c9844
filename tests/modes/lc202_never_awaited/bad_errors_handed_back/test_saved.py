"""A plain function hands the coroutine back, its caller drops it, and the warning is an error."""

# findings: 3
# name: save | Shelf._put | keep
import functools

saved = []


async def save(fruit):
    saved.append(fruit)


def store(fruit):
    return save(fruit)


class Shelf:
    def put(self, fruit):
        return self._put(fruit)

    async def _put(self, fruit):
        saved.append(fruit)


def traced(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)

    return inner


@traced
async def keep(fruit):
    saved.append(fruit)


async def test_a_function():
    store("plum")  # LC202


async def test_a_method():
    Shelf().put("plum")  # LC202


async def test_a_decorated_function():
    keep("plum")  # LC202
