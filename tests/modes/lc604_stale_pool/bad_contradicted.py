"""Two assertions contradict each other: the close between them has moved above both."""

# findings: 3
# name: desk | feed | booth
import pytest

pytestmark = pytest.mark.asyncio


class Desk:
    def __init__(self):
        self.jobs, self.is_over = ["fold"], False

    def __str__(self):
        return f"{'over' if self.is_over else 'at work'}, {len(self.jobs)} left"

    async def aclose(self):
        self.jobs.clear()
        self.is_over = len(self.jobs) < 1


class Feed:
    def __init__(self):
        self.readers = {"ana"}

    def has(self, name):
        return name in self.readers

    def stop(self):
        self.readers.discard("ana")


class Booth:
    def __init__(self):
        self.lamps = 2

    def shutdown(self):
        self.lamps -= 2


async def test_what_a_desk_says():
    desk = Desk()
    assert str(desk) == "at work, 1 left"
    await desk.aclose()  # LC604
    assert str(desk) == "at work, 1 left"
    assert str(desk) == "over, 0 left"


async def test_who_reads():
    feed = Feed()
    feed.stop()  # LC604
    assert feed.has("ana")
    assert feed.readers is not None
    assert not feed.has("ana")


async def test_the_lamps():
    booth = Booth()
    booth.shutdown()  # LC604
    assert booth.lamps == 2
    assert booth.lamps == 0
