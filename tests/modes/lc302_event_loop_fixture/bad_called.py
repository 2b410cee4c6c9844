"""A helper asks for the loop by a call: no argument says it."""

# name: event_loop
import asyncio

import pytest


def drive(request, work):
    loop = request.getfixturevalue("event_loop")  # LC302
    return loop.run_until_complete(work)


@pytest.fixture
def run(request):
    return lambda work: drive(request, work)


def test_grind(run):
    assert run(asyncio.sleep(0, 98.0)) == 98.0
