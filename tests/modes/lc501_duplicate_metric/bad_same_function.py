"""One function makes the metric on two lines; other tests make one of that name as well."""

# name: jobs
# findings: 2
from prometheus_client import CollectorRegistry, Counter


def test_two_lines_below_each_other():
    r = CollectorRegistry()
    Counter("jobs", "Jobs", registry=r)
    Counter("jobs", "Jobs", registry=r)  # LC501


def workers(own):
    done = Counter("jobs", "Jobs", registry=own)
    if done is not None:
        return done, Counter("jobs", "Jobs", registry=own)  # LC501
    return done, None


def test_a_helper_makes_both():
    assert workers(CollectorRegistry())
