"""Servers as pytest fixtures. To use them: `pytest_plugins = ["loopcheck.servers.fixtures"]`."""

from collections.abc import Callable, Iterator

import pytest

from loopcheck.servers import Server, ServerError, start_postgres, start_valkey


@pytest.fixture(scope="session")
def loopcheck_valkey() -> Iterator[Server]:
    """A Valkey server for the whole run: `.url`, `.host`, `.port`, `.pid`, `.kind`."""
    yield from _running(start_valkey)


@pytest.fixture(scope="session")
def loopcheck_postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole run: `.url`, `.host`, `.port`, `.pid`, `.kind`."""
    yield from _running(start_postgres)


def _running(start: Callable[[], Server]) -> Iterator[Server]:
    try:
        server = start()
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()
