"""A plain test waits for a message from a loop in another thread, whose task waits for one, too."""

# options: --loopcheck-hang=1
# name: self.sent.get

import asyncio
import queue
import threading


class Chat:
    def __init__(self):
        self.sent = queue.SimpleQueue()
        threading.Thread(target=asyncio.run, args=(self.serve(),), daemon=True).start()

    async def serve(self):
        self.hello = asyncio.Event()
        await self.hello.wait()
        self.sent.put("welcome")

    def receive(self):
        return self.sent.get()  # LC203


def test_welcome():
    chat = Chat()
    assert chat.receive() == "welcome"
