"""The fixture names a library for all tests of the folder."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend():  # LC312
    return "trio"
