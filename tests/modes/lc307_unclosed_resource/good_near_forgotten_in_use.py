"""One end is closed by its class, the other is still in use by what the test keeps."""

import pytest
from anyio import create_memory_object_stream

KEPT = []


class Tap:
    def __init__(self):
        self.outgoing, self.incoming = create_memory_object_stream(3)

    def stop(self):
        self.outgoing.close()


@pytest.mark.asyncio
async def test_the_rest_can_be_read_later():
    tap = Tap()
    await tap.outgoing.send("tea")
    tap.stop()
    KEPT.append(tap)
    assert [one async for one in tap.incoming] == ["tea"]


def test_what_the_class_leaves_its_user_closes():
    tap = Tap()
    tap.stop()
    tap.incoming.close()
