"""One function has a limit for each page and one for the whole book."""

import asyncio

import pytest


class BookTooLong(Exception):
    pass


async def read(page):
    await asyncio.sleep(10 if page == "smudged" else 0)
    return page


async def read_book(*pages):
    found = []
    try:
        async with asyncio.timeout(30):
            for page in pages:
                found.append(await asyncio.wait_for(read(page), timeout=0.02))
    except TimeoutError:  # LC213
        raise BookTooLong(f"{len(pages)} pages take more than 30 s")
    return found


# name: asyncio.wait_for(read(page), timeout=0.02)
@pytest.mark.asyncio
async def test_a_book_of_two_pages_is_not_too_long():
    with pytest.raises(TimeoutError):
        await read_book("title", "smudged")
