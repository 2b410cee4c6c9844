"""What is left of several coroutines when the first has an answer."""

# name: ask
import pytest


async def ask(source):
    return source if source != "cache" else None


async def first_answer(*sources):  # LC202
    for source in sources:
        answer = await source
        if answer is not None:
            return answer
    return None


@pytest.mark.asyncio
async def test_the_first_answer_counts():
    answer = await first_answer(ask("cache"), ask("disk"), ask("archive"))
    assert answer == "disk"
