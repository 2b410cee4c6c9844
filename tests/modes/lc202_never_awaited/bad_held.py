"""A name, a list or an object holds the coroutine whose work the test checks."""

# name: Basket.put | Ledger.book | save
# findings: 3
import pytest


class Basket:
    def __init__(self):
        self.fruits = []

    def __len__(self):
        return len(self.fruits)

    async def put(self, fruit):
        self.fruits.append(fruit)


class Ledger:
    def __init__(self):
        self.open = []
        self.total = 0

    async def book(self, sum_):
        self.total += sum_

    async def book_all(self, *sums):
        for one in sums:
            self.open.append(self.book(one))  # LC202


SAVED = {}


async def save(name):
    SAVED[name] = True


@pytest.mark.asyncio
async def test_all_are_in_the_basket():
    basket = Basket()
    done = [basket.put(fruit) for fruit in ("plum", "fig")]  # LC202
    assert len(basket) == 2
    assert len(done) == 2


@pytest.mark.asyncio
async def test_the_total_is_right():
    ledger = Ledger()
    await ledger.book_all(3, 4)
    assert ledger.total == 7


def test_it_is_saved():
    result = save("plum")  # LC202
    assert SAVED["plum"]
    assert result is None
