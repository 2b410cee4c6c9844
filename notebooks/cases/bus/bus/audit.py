"""The audit: who paid what, written down when the bus closes."""


class Audit:
    def __init__(self, bus, write):
        self.rows = []
        self.write = write
        bus.subscribe("paid", self.note)
        bus.subscribe("bus.closing", self.flush)

    async def note(self, event):
        self.rows.append(event)

    async def flush(self, _):
        for row in self.rows:
            order = row["order"]
            amount = row["amount"]
            self.write(f"order {order}: {amount:.2f}")
