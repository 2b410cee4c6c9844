"""Two tries, for the errors that are listed elsewhere."""

from faults import RETRYABLE


async def twice(ask):
    for last in (False, True):
        try:
            return await ask()
        except RETRYABLE:
            if last:
                raise
    return None
