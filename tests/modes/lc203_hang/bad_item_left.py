"""The consumer goes on with the next item where one is empty, and does not mark that one."""

# name: inbox
# options: --loopcheck-hang=1

import asyncio

import pytest


class Sorter:
    def __init__(self):
        self.letters = []

    async def work(self, mail):
        while True:
            letter = await mail.get()
            try:
                if not letter.strip():
                    continue  # LC203
            except AttributeError:
                mail.task_done()
                continue
            self.letters.append(letter)
            mail.task_done()


@pytest.mark.asyncio
async def test_all_letters_are_sorted():
    inbox, sorter = asyncio.Queue(), Sorter()
    for letter in ("bill", " ", None, "card"):
        inbox.put_nowait(letter)
    work = asyncio.create_task(sorter.work(inbox))
    await inbox.join()
    work.cancel()
    assert sorter.letters == ["bill", "card"]
