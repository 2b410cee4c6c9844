import pytest


@pytest.fixture
def engine(engine):
    return [*engine, "api"]
