"""Two tries, for the errors that are listed elsewhere."""

from faults import RETRYABLE


async def twice(ask):
    for _ in range(2):
        try:
            return await ask()
        except RETRYABLE:
            pass
    return None
