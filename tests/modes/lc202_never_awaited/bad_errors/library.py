class Library:
    def __init__(self):
        self.lent = set()

    async def lend(self, book):
        self.lent.add(book)

    async def has(self, book):
        return book not in self.lent

    async def give_back(self, book, fee=0):
        self.pay(fee)  # LC202
        self.lent.discard(book)

    async def pay(self, fee):
        self.fees = fee
