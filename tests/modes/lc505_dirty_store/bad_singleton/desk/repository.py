class Tickets:
    def __init__(self):
        self.open = {}

    async def add(self, number, what):
        self.open[number] = what

    async def find(self, number):
        return self.open.get(number)


tickets = Tickets()  # LC505
