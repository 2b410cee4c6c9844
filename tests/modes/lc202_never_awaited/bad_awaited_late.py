"""A name holds the coroutine, and its await stands below the line that reads what it changes."""

# name: Basket.put
import pytest


class Basket:
    def __init__(self):
        self.fruits = []

    async def put(self, fruit):
        self.fruits.append(fruit)


@pytest.mark.asyncio
async def test_the_plum_is_in_it():
    basket = Basket()
    later = basket.put("plum")  # LC202
    assert basket.fruits == ["plum"]
    await later
