"""Auto mode: no mark anywhere, a loop for each test all the same."""

# name: mail
import asyncio

mail = asyncio.PriorityQueue()  # LC102


async def next_letter(letter):
    postman = asyncio.create_task(mail.get())
    await asyncio.sleep(0)
    mail.put_nowait(letter)
    return await postman


async def test_first_letter():
    assert await next_letter("bill") == "bill"


async def test_second_letter():
    assert await next_letter("card") == "card"
