import gate
from gate import GateError, charge, note


class Shop:
    async def pay(self, amount):
        try:
            await note(amount)
        except GateError:
            return "failed"
        return "payed"

    async def paid(self, amount):
        try:
            await note(amount)
            await gate.charge(amount)
        except GateError:
            return False
        return True

    async def told(self, amount):
        try:
            await charge(amount)
        except GateError:
            pass
        return "no mail"

    async def known(self, amount):
        if amount > 3:
            return "unknown"
        try:
            await note(amount)
        except GateError:
            return "unknown"
        return "known"
