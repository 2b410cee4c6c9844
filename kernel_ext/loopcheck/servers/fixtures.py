"""Servers as pytest fixtures, for who asks: `pytest_plugins = ["loopcheck.servers.fixtures"]`."""

from collections.abc import Iterator

import pytest

from loopcheck.servers import Server, ServerError, valkey


@pytest.fixture(scope="session")
def loopcheck_valkey() -> Iterator[Server]:
    """A Valkey server for the whole run: `.url`, `.host`, `.port`, `.pid`, `.kind`."""
    serving = valkey()
    try:
        server = serving.__enter__()
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    serving.__exit__()
