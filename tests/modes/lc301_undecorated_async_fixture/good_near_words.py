"""The same words, said by a synchronous fixture about something else."""

import pytest


@pytest.fixture
def store():
    pytest.fail("requested an async fixture 'store', with no plugin or hook that handled it")


@pytest.fixture
def task():
    async def work():
        yield 42

    return work()


def test_store(store):
    pass


def test_attribute(task):
    task.ping()
