"""LC211 lost-update: the solution of the exercise, why it works, another good way.

What was wrong: `book` read twice before its wait, and wrote after it. `takings += await …` reads
`takings` first, so three passengers added to 0. And the check of `free` was old when `free -= 1`
came: two passengers had found the same last seat.

What changed: the check and `free -= 1` are one step, since no other task runs between two lines
without an `await`. Who comes next finds the seat taken, and does not pay. A refused passenger gives
it back. The fare has a name, so `takings` is read after the wait.

Another good way: keep the names, and count them.

    if len(self.passengers) == self.seats:
        return False
    self.passengers.add(name)
    try:
        fare = await self.bank.charge(name)
    except BaseException:
        self.passengers.remove(name)
        raise

Choose it where a list of passengers is needed anyway. Hold a lock only where the wait itself must
not run twice at once, as for a connection that is made once: here, passengers would wait in line.
`BaseException` also gives the seat back if the task is cancelled while the bank works.
"""


class Ferry:
    def __init__(self, bank, seats):
        self.bank, self.free, self.takings = bank, seats, 0

    async def book(self, name):
        if self.free == 0:
            return False
        self.free -= 1
        try:
            fare = await self.bank.charge(name)
        except BaseException:
            self.free += 1
            raise
        self.takings += fare
        return True
