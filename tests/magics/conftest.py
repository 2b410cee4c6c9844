from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def no_plugins_of_the_lessons() -> Iterator[None]:
    """Leave out the plugins that one lesson needs: their fixtures are set up for every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_ADDOPTS", "-p no:django -p no:trio")
        yield
