"""Two modules, two metrics: a counter `jobs` is `jobs_total` for Prometheus, too."""

# name: jobs_total
import pytest
from worker.jobs import DONE


@pytest.mark.asyncio
async def test_mails_are_counted_apart():
    from worker.mails import SENT

    SENT.inc()
    assert DONE._value.get() == 0
