"""The command says that it failed, and goes on: what failed in it is the start of a loop."""

# name: copy
import pytest
from backup import main


def test_from_synchronous_code(capsys):
    assert main("a") == 0
    assert capsys.readouterr().out == "a.bak\n"


@pytest.mark.asyncio
async def test_copies():
    assert main("a") == 0
