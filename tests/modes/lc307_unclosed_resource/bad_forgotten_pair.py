"""Plain code creates two pipes for the loop of another thread. The end closes one of them."""
# name: sender, receiver
# passes

import gc

import pytest
from anyio import create_memory_object_stream
from anyio.from_thread import start_blocking_portal
from anyio.streams.stapled import StapledObjectStream

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Machine:
    def __enter__(self):
        self.manager = start_blocking_portal()
        self.portal = self.manager.__enter__()
        source, sink = create_memory_object_stream(5)
        sender, receiver = create_memory_object_stream(5)
        self.orders = StapledObjectStream(source, sink)
        self.reports = StapledObjectStream(sender, receiver)
        return self

    def __exit__(self, *error):
        self.portal.call(self.stop)
        self.manager.__exit__(*error)

    async def stop(self):
        async with self.orders:  # LC307
            await self.orders.send("stop")
            await self.reports.send("stopped")


def test_a_machine_runs():
    with Machine() as machine:
        machine.portal.call(machine.orders.send, "go")
        assert machine.portal.call(machine.orders.receive) == "go"
    del machine
    gc.collect()
