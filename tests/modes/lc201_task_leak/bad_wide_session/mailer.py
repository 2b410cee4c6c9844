import asyncio


class Mailer:
    def __init__(self, outbox):
        self.outbox, self.sent = outbox, []

    def start(self):
        self.sender = asyncio.create_task(self.send_all())  # LC201

    async def send_all(self):
        while not self.outbox.closed:
            self.sent.append(await self.outbox.take())
