"""A failed test keeps its mocks alive: they are no cause of what fails in a later one."""

from pathlib import Path

import pytest
from test_plugin import Project

CONFTEST = """
from unittest.mock import MagicMock

import pytest


@pytest.fixture{scope}
def mailer():
    double = MagicMock()
    double.send.return_value = "sent"
    return double
"""
FIRST = """
import pytest


@pytest.mark.asyncio
async def test_sends(mailer):
    assert await mailer.send("hello") == "sent"
"""
SECOND = """
import pytest


@pytest.mark.asyncio
async def test_adds():
    assert [1, 2] == [1, 2, 3]
"""


@pytest.mark.parametrize("scope", ["", '(scope="session")'])
def test_a_mock_of_another_test_explains_nothing(tmp_path: Path, scope: str) -> None:
    project = Project(tmp_path)
    project.write("mail/conftest.py", CONFTEST.format(scope=scope))
    project.write("mail/test_mail.py", FIRST)
    project.write("shop/test_shop.py", SECOND)
    project.run("--loopcheck", "--loopcheck-json=found.json")
    found = project.report("found.json")["findings"]
    assert [(one["code"], one.get("also")) for one in found] == [("LC401", None)]
