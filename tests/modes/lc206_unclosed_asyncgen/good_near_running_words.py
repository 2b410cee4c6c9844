"""The project's own error has the words of Python's, and no generator runs."""

import asyncio

import pytest


class Film:
    def __init__(self):
        self.runs = True

    async def aclose(self):
        await asyncio.sleep(0)
        if self.runs:
            raise RuntimeError("aclose(): asynchronous generator is already running")


@pytest.mark.asyncio
async def test_a_film():
    film = Film()
    await film.aclose()
