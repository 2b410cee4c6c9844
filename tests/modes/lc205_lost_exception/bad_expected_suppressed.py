"""A `suppress` that is there for a missing file also drops the error of a parser."""

import asyncio
import contextlib

import pytest


class Broken(ValueError):
    pass


def parse(line):
    name, _, value = line.partition("=")
    if not value:
        raise Broken(line)
    return name, value


async def load(lines):
    settings = {}
    with contextlib.suppress(OSError, ValueError):  # LC205
        for line in lines:
            await asyncio.sleep(0)
            name, value = parse(line)
            settings[name] = value
    return settings


# name: contextlib.suppress(OSError, ValueError)
@pytest.mark.asyncio
async def test_a_line_without_a_value_is_refused():
    with pytest.raises(Broken):
        await load(["port=1", "host"])
