import pytest
from bus.retry import deliver

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("no_waiting")]


class Shop:
    """A handler whose line is down for the first calls."""

    def __init__(self, down, error=ConnectionError):
        self.down, self.error, self.calls = down, error, 0

    async def __call__(self, event):
        self.calls += 1
        if self.calls <= self.down:
            raise self.error("no line")
        return f"thanks for {event}"


async def test_a_lost_line_is_tried_again():
    shop = Shop(down=2)
    assert await deliver(shop, 7) == "thanks for 7"
    assert shop.calls == 3


async def test_the_first_answer_ends_it():
    shop = Shop(down=0)
    await deliver(shop, 7)
    assert shop.calls == 1


async def test_it_gives_up_after_the_last_pause():
    shop = Shop(down=9)
    with pytest.raises(ConnectionError):
        await deliver(shop, 7)
    assert shop.calls == 4


async def test_another_error_is_not_tried_again():
    shop = Shop(down=9, error=KeyError)
    with pytest.raises(KeyError):
        await deliver(shop, 7)
    assert shop.calls == 1
