"""The test expects the refusal, or counts it, or the gate stays closed."""

import pytest
from prometheus_client import CollectorRegistry, Counter


class Gate:
    def __init__(self, registry):
        self.registry, self.errors = registry, 0

    def count(self):
        Counter("gate_calls", "Calls.", registry=self.registry).inc()

    def allow(self):
        try:
            self.count()
            return self.registry is not None
        except Exception:
            self.errors += 1
            return True

    def admit(self):
        try:
            self.count()
            return True
        except Exception:
            return False


@pytest.fixture
def registry():
    return CollectorRegistry()


def test_it_is_refused(registry):
    gate = Gate(registry)
    gate.count()
    with pytest.raises(ValueError, match="Duplicated"):
        gate.count()
    assert gate.allow() is True
    assert gate.errors == 1


def test_it_stays_closed(registry):
    gate = Gate(registry)
    assert gate.admit() is True
    assert gate.admit() is False


def test_each_has_its_own():
    assert Gate(CollectorRegistry()).allow() is True
    assert Gate(CollectorRegistry()).allow() is True
