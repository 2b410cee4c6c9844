import pytest


@pytest.fixture
def rounds():
    return 3
