"""The bank. What it takes is taken."""

taken = []


async def charge(card, amount):
    taken.append((card, amount))
    return "done"
