import asyncio


class Debounce:
    def __init__(self, delay, action):
        self.delay, self.action = delay, action

    def poke(self):
        asyncio.get_running_loop().call_later(self.delay, self.action)  # LC202
