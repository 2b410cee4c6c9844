# fmt: off
# ruff: noqa: E701, E702
from unittest.mock import Mock, patch

import pytest


@pytest.fixture
def resolve():
    with patch("hosts.resolve") as m: m.return_value = "1.1.1.1"; yield m  # LC404


@pytest.fixture
def port(monkeypatch):
    m = Mock(return_value=8080); monkeypatch.setattr("hosts.port", m); return m  # LC404
