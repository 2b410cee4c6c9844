"""A line that holds a whole function, or two statements: each of them is looked at by itself."""

# name: scanner.resolve | scanner.port
# findings: 4
# fmt: off
# ruff: noqa: E701, E702, E704
from unittest.mock import patch

import pytest
from scanner import Scanner

pytestmark = pytest.mark.asyncio


async def test_scan(resolve): assert await Scanner().scan("a") == "1.1.1.1"


async def test_port(port): assert Scanner().port("a") == 8080


async def test_asked(port): Scanner().port("a"); port.assert_called_once()


@patch("hosts.resolve", return_value="1.1.1.1")  # LC404
async def test_scan_decorated(m): assert await Scanner().scan("a") == "1.1.1.1"


@patch("hosts.port", return_value=8080)  # LC404
async def test_port_decorated(m): assert Scanner().port("a") == 8080
