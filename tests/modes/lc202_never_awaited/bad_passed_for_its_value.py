"""A function that takes the value gets the coroutine: there an `await` is missing."""

# name: weigh
import pytest

kept = {}


async def weigh(crate):
    return len(crate)


def note(crate, weight):
    kept[crate] = weight is not None


@pytest.mark.asyncio
async def test_a_weight_is_noted():
    note("tea", weigh("tea"))  # LC202
    assert kept == {"tea": True}
