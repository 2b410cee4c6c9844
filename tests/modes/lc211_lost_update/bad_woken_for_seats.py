"""Those who wait for a seat are all woken; a second one finds none, and the code refuses that."""

# name: hall
import asyncio
import unittest


class Seats:
    def __init__(self, free):
        self.free = free


async def sit_down(seats, hall):
    async with hall:
        if seats.free < 1:  # LC211
            await hall.wait()
        if seats.free < 1:
            raise LookupError("no seat is free")
        seats.free -= 1


async def stand_up(seats, hall):
    async with hall:
        seats.free += 1
        hall.notify_all()


class Concert(unittest.IsolatedAsyncioTestCase):
    async def test_a_seat_goes_to_one_of_two(self):
        seats, hall = Seats(0), asyncio.Condition()
        waiting = [asyncio.create_task(sit_down(seats, hall)) for _ in range(2)]
        await asyncio.sleep(0)
        await stand_up(seats, hall)
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=1)
        for task in done:
            task.result()
        await stand_up(seats, hall)
        await asyncio.wait_for(asyncio.gather(*waiting), 1)
        self.assertEqual(seats.free, 0)
