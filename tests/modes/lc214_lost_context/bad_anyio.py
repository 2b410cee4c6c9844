"""anyio's plugin runs async fixtures and the test in one task. A plain fixture is outside of it."""

from contextvars import ContextVar

import pytest

pytest_plugins = ["anyio.pytest_plugin"]
pytestmark = pytest.mark.anyio
locale = ContextVar("locale")


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def shelf():
    return ["tea"]


@pytest.fixture
def in_french(shelf):  # LC214
    token = locale.set("fr")
    yield
    locale.reset(token)


# name: locale
async def test_labels_are_french(shelf, in_french):
    assert [f"{name} ({locale.get()})" for name in shelf] == ["tea (fr)"]
