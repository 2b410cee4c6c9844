from asyncio import get_running_loop, wait


class Hedge:
    """Asks one source after the other, and takes the first answer."""

    def __init__(self, sources, audit, patience=0.01):
        self.sources, self.audit, self.patience = sources, audit, patience

    async def ask(self, symbol):
        loop, running = get_running_loop(), set()
        for source in self.sources:
            running.add(loop.create_task(self._from(source, symbol)))
            done, running = await wait(running, timeout=self.patience)  # LC201
            if done:
                return done.pop().result()
        raise LookupError(symbol)

    async def _from(self, source, symbol):
        price = await source.price(symbol)
        await self.audit.paid(source.name, symbol)
        return price
