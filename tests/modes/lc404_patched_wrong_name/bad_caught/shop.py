from gate import GateError, charge


class Shop:
    async def pay(self, amount):
        try:
            await charge(amount)  # used
        except GateError:
            return "failed"
        return "paid"

    async def paid(self, amount):
        try:
            await charge(amount)  # used
            self.last = amount
        except GateError:
            return False
        return True
