class Shop:
    def __init__(self):
        self.sold = []

    async def log(self, item):
        self.sold.append(item)

    async def sell(self, item):
        self.log(item)  # LC202
        return item
