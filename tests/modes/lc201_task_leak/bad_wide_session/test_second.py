import asyncio


async def test_letter_is_kept(outbox):
    outbox.letters.put_nowait("to Bob")
    await asyncio.sleep(0.01)
    assert not outbox.letters.empty()
