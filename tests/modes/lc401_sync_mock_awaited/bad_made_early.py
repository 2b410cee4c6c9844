"""Doubles that are made as the file is imported: in a class, in a table of parameters."""

from unittest.mock import MagicMock

import pytest


async def load(reader):
    return (await reader.read()).decode()


class TestLoad:
    reader = MagicMock()  # LC401
    reader.read.return_value = b"a"

    @pytest.mark.asyncio
    async def test_load(self):
        assert await load(self.reader) == "a"


# name: reader.read
# findings: 2
CASES = [(MagicMock(**{"read.return_value": b"b"}), "b")]  # LC401


@pytest.mark.asyncio
@pytest.mark.parametrize("reader, want", CASES)
async def test_each(reader, want):
    assert await load(reader) == want
