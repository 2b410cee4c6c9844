"""What stands after the failing part of a line did not run, and what stands before it is no part.

Each of these has a patch that missed, and fails for another reason.
"""

# fmt: off
# ruff: noqa: E701, E702, E704
from unittest.mock import Mock, patch

import pytest
import scanner


@pytest.fixture
def port():
    with patch("hosts.port", Mock(return_value=8080)) as m: yield m


@pytest.fixture
def owner(monkeypatch):
    m = Mock(return_value="bob"); monkeypatch.setattr("hosts.owner", m); return m


def test_another_value(port): scanner.where("a"); assert scanner.who("a") == "eve"


def test_before_it_was_asked(owner): owner.assert_called_once(); assert scanner.who("a") == "bob"


def test_a_bug_of_its_own(port): assert [] == [1]; assert scanner.where("a") == "a:8080"
