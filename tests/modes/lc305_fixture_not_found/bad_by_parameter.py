"""The fixture that asks is spelt more like the missing one than any other."""

# name: sqlite_store
import pytest


@pytest.fixture
def sqllite_store():
    return {}


@pytest.fixture(params=["sqlite"])
def store(request):
    return request.getfixturevalue(f"{request.param}_store")  # LC305


def test_empty(store):
    assert store == {}
