"""A plain test creates a stream and uses it without a loop. Nothing closes its ends."""
# name: send, receive
# passes

import pytest
from anyio import create_memory_object_stream

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_full_stream():
    send, receive = create_memory_object_stream(1)  # LC307
    send.send_nowait("pen")
    assert receive.receive_nowait() == "pen"
