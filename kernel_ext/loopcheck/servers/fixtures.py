"""Servers as pytest fixtures, for who asks: `pytest_plugins = ["loopcheck.servers.fixtures"]`."""

from collections.abc import Iterator

import pytest

from loopcheck.servers import Server, ServerError, start_valkey


@pytest.fixture(scope="session")
def loopcheck_valkey() -> Iterator[Server]:
    """A Valkey server for the whole run: `.url`, `.host`, `.port`, `.pid`, `.kind`."""
    try:
        server = start_valkey()
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()
