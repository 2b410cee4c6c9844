"""The servers are chosen by the tests, not by whoever runs them."""

import pytest


@pytest.fixture(autouse=True)
def nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOPCHECK_SERVER", raising=False)
