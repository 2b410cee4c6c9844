"""asyncio looks up the loop itself, for what is gathered outside of any."""

# name: asyncio.get_event_loop
import asyncio


async def wash(dish):
    return dish


def test_dishes():
    asyncio.run(wash("pan"))
    dishes = [wash("cup"), wash("plate")]
    try:
        asyncio.gather(*dishes)  # LC105
    finally:
        for dish in dishes:
            dish.close()
