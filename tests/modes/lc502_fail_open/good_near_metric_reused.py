"""The refusal is handled on purpose: the code takes the metric that is there already."""

import pytest
from prometheus_client import REGISTRY, Counter, Gauge


class Limiter:
    def __init__(self, limit):
        self.limit, self.used = limit, 0
        try:
            self.calls = Counter("limiter_calls", "Calls that were counted.")
        except Exception:
            self.calls = REGISTRY._names_to_collectors["limiter_calls"]

    async def allow(self):
        try:
            self.used += 1
            self.calls.inc()
            return self.used <= self.limit
        except Exception:
            return True


def is_registered(name):
    try:
        REGISTRY.unregister(Gauge(name, "Only to see whether the name is free."))
    except Exception:
        return True
    return False


@pytest.mark.asyncio
@pytest.mark.parametrize("limit", [1, 2])
async def test_the_first_call_is_allowed(limit):
    assert await Limiter(limit).allow() is True


def test_the_name_is_taken():
    Limiter(1)
    assert is_registered("limiter_calls")
    assert not is_registered("limiter_errors")
