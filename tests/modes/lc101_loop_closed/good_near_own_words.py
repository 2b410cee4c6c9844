"""The words of a closed loop, said by the code under test itself."""

import asyncio

import pytest

gone = asyncio.new_event_loop()
gone.close()


class Shop:
    loop = gone
    opened = False

    def _check_closed(self):
        if not self.opened:
            raise RuntimeError("Event loop is closed")


@pytest.mark.asyncio
async def test_shop_is_closed():
    Shop()._check_closed()
