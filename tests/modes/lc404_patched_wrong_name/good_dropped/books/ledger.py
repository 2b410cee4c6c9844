from books.audit import audit, now


class Ledger:
    def __init__(self):
        self.rows = {}
        self.took = []

    async def add(self, name, cents):
        started = now()
        self.rows[name] = self.rows.get(name, 0) + cents + cents
        self.log("took %s", now() - started)
        await audit("add")
        return self

    async def move(self, source, target, cents):
        await audit("move")
        self.rows[source] -= cents
        self.rows[target] = self.rows.get(target, 0) + cents

    def log(self, text, *values):
        self.took.append(text % values)


async def total(rows):
    await audit("total")
    return sum(rows) + 1


async def opened():
    await audit("open")
