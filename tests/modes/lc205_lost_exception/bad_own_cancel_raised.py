"""A kitchen keeps the first error, and raises the CancelledError that it has caused itself."""

import asyncio
import unittest


class Kitchen:
    def __init__(self):
        self.guest = asyncio.current_task()
        self.first = None
        self.closing = False

    async def cook(self, *dishes):
        for dish in dishes:
            asyncio.ensure_future(self._watch(dish))
        try:
            await asyncio.Event().wait()
        except BaseException as error:
            if self.is_serious(error):
                raise
        raise RuntimeError("the kitchen is closed") from self.first

    def is_serious(self, error):
        return not isinstance(error, Exception)  # LC205

    def is_hungry(self):
        return not self.closing

    async def _watch(self, dish):
        try:
            await dish
        except ValueError as error:
            self.first = self.first or error
            self.closing = True
            self.guest.cancel()


async def burn():
    raise ValueError("burnt")


# name: Kitchen
class TestKitchen(unittest.IsolatedAsyncioTestCase):
    async def test_a_dish_is_burnt(self):
        kitchen = Kitchen()
        with self.assertRaises(RuntimeError):
            await kitchen.cook(burn())
