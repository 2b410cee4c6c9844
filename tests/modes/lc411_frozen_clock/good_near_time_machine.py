"""time-machine stops or moves the wall clock, and leaves the loop the one that it sleeps by."""

import asyncio
import time
from datetime import date

import pytest
import time_machine

NEW_YEAR = "2026-01-01"


@pytest.fixture
def new_year():
    with time_machine.travel(NEW_YEAR, tick=False) as traveller:
        yield traveller


@pytest.mark.asyncio
async def test_a_ticket_is_stamped(new_year):
    await asyncio.sleep(0.01)
    assert date.today() == date(2026, 1, 1)


@pytest.mark.asyncio
async def test_a_gate_opens_later(new_year):
    opens = asyncio.Queue()
    asyncio.get_running_loop().call_later(0.01, opens.put_nowait, "open")
    new_year.shift(3600)
    assert await asyncio.wait_for(opens.get(), 5) == "open"
    assert time.gmtime().tm_hour == 1


@pytest.mark.asyncio
@time_machine.travel(NEW_YEAR)
async def test_a_limit_fires():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
