class Cart:
    items: dict[str, int] = {}  # LC308

    async def add(self, sku):
        self.items[sku] = self.items.get(sku, 0) + 1
        return self.items
