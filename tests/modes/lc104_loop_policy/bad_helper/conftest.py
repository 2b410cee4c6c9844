import pytest
from loops import install


@pytest.fixture(scope="session", autouse=True)
def fast():
    install()
