from rates import rate


class Desk:
    async def change(self, amount, currency):
        return amount * await rate(currency) // 100
