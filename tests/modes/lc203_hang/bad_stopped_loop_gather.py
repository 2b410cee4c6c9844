"""A bridge to a background loop: its last command stops that loop while another one waits there."""

# options: --loopcheck-hang=1
# name: Bridge.listen

import asyncio
from concurrent.futures import ThreadPoolExecutor


class Bridge:
    def start(self, pool):
        self.ready = asyncio.get_running_loop().create_future()
        return asyncio.get_running_loop().run_in_executor(pool, self.serve, self.ready.get_loop())

    def serve(self, caller):
        self.inner = asyncio.new_event_loop()
        self.inner.call_soon(caller.call_soon_threadsafe, self.ready.set_result, None)
        self.inner.run_forever()
        self.inner.close()

    def command(self, work):
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.inner))

    async def listen(self):
        await asyncio.Event().wait()

    async def quit(self):
        self.inner.call_soon(lambda: self.inner.stop())  # LC203


async def talk():
    bridge = Bridge()
    with ThreadPoolExecutor(1) as pool:
        served = bridge.start(pool)
        await bridge.ready
        await asyncio.gather(bridge.command(bridge.listen()), bridge.command(bridge.quit()))
        await served


def test_both_commands_end():
    asyncio.run(talk())
