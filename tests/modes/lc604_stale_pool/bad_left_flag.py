"""A cancelled export leaves the archive locked for good."""

# name: archive.exporting
import asyncio

import pytest


class Archive:
    def __init__(self, pages):
        self.pages = pages
        self.exporting = False

    async def export(self, write):
        if self.exporting:
            raise RuntimeError("an export is running")
        self.exporting = True
        try:
            for page in self.pages:
                await write(page)
        except Exception as error:  # LC604
            self.exporting = False
            raise ValueError("not exported") from error
        self.exporting = False


@pytest.mark.asyncio
async def test_export_after_a_cancelled_one():
    archive, printed = Archive(["one", "two"]), []

    async def stuck(page):
        await asyncio.Event().wait()

    async def to_print(page):
        printed.append(page)

    first = asyncio.create_task(archive.export(stuck))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    await archive.export(to_print)
    assert printed == ["one", "two"]
