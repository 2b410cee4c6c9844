import pytest


@pytest.fixture
def shelf():
    return ["jam"]
