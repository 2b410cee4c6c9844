import fakeredis
import pytest


@pytest.fixture
def redis_factory():
    def make(**options):
        return fakeredis.FakeRedis(**options)  # LC507

    return make
