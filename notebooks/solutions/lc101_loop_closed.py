"""LC101 loop-closed: the solution of the exercise, why it works, and one other good way.

What was wrong: `Desk.line` belonged to the class. The first test opened it, on its own loop, and
nothing closed it. When that loop closed, the line stayed bound to it. The second test used the
line, which could neither wait on the new loop nor close.

What changed: a desk opens a line for itself and closes it when the desk closes, in the same test
and on the same loop. `__aexit__` also runs after an error.

Another good way: if most desks never ask, open the line with the first question (`if self.line is
None`) and close it in `__aexit__` if there is one. What matters is the same: close it
on the loop where you opened it, before that loop ends. To share one line between many desks, open
it in one place that outlives them all, such as the lifespan of the application, and pass it to each
desk.
"""

from exchange import Line


class Desk:
    async def __aenter__(self):
        self.line = await Line.open()
        return self

    async def __aexit__(self, *error):
        await self.line.close()

    async def change(self, amount, currency):
        return amount * await self.line.ask(currency)
