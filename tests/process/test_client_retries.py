"""A client's retry: whether it was asked for, and whether it holds after this error."""

import sys
from types import FrameType

import pytest
import valkey.asyncio as valkey
from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import BusyLoadingError, ConnectionError, TimeoutError

from loopcheck.process.stores import client_retries

CUT, LATE = ConnectionError("cut"), TimeoutError("late")
ONCE, URL = Retry(NoBackoff(), 1), "valkey://127.0.0.1:1"
UNLISTED = "has a `retry=`, but no `retry_on_error=` for `ConnectionError`"


class Bare:
    def __init__(self) -> None:
        self.client = Valkey.from_url(URL, retry=ONCE)

    def frame(self) -> FrameType:
        return sys._getframe()


class Listed(Bare):
    def __init__(self) -> None:
        self.client = valkey.from_url(  # type: ignore[no-untyped-call]
            URL, retry=ONCE, retry_on_error=[ConnectionError]
        )


class Others(Bare):
    def __init__(self) -> None:
        self.client = valkey.Valkey(retry=ONCE, retry_on_error=[BusyLoadingError])


class Late(Bare):
    def __init__(self) -> None:
        self.client = Valkey(retry=ONCE, retry_on_timeout=True)


class Plain(Bare):
    def __init__(self) -> None:
        self.client = Valkey.from_url(URL)


CASES = [
    (Bare, CUT, UNLISTED),
    (Others, CUT, UNLISTED),
    (Late, CUT, UNLISTED),
    (Listed, CUT, "tries again"),
    (Late, LATE, "tries again"),
]


@pytest.mark.parametrize(("kind", "error", "said"), CASES)
def test_valkey_tries_again_after_the_errors_of_its_list(
    kind: type[Bare], error: Exception, said: str
) -> None:
    made = kind()
    assert client_retries.configured(made.client, error) == said
    found = client_retries.made_at(made.client, [made.frame()], error)
    assert found is not None
    assert found[1] == said


def test_a_client_without_a_retry_is_left_alone() -> None:
    made = Plain()
    assert client_retries.configured(made.client, CUT) is None
    assert client_retries.made_at(made.client, [made.frame()], CUT) is None
