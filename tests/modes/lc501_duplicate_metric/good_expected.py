"""A second registration is refused on purpose, reused, and undone; other errors look like it."""

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge

OPEN = Gauge("pool_open", "Connections that are open")


def counter(name):
    try:
        return Counter(name, "Reused")
    except ValueError:
        return REGISTRY._names_to_collectors[name]


def test_the_second_is_refused():
    registry = CollectorRegistry()
    Counter("seen", "Seen", registry=registry)
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        Counter("seen", "Seen", registry=registry)


def test_the_second_is_refused_in_other_words():
    registry = CollectorRegistry()
    Counter("other", "Other", registry=registry)
    with pytest.raises(ValueError, match="already there"):
        Counter("other", "Other", registry=registry)


def test_it_is_reused():
    assert counter("reused_total") is counter("reused_total")
    REGISTRY.unregister(counter("reused_total"))


def test_a_plain_failure_after_a_reuse():
    counter("again_total")
    counter("again_total").inc()
    assert OPEN._value.get() == 1


def test_a_name_that_no_metric_may_have():
    Counter("no spaces", "Refused for another reason")


def test_words_alone_are_nothing():
    raise ValueError("Duplicated timeseries in CollectorRegistry: {'orders_total'}")
