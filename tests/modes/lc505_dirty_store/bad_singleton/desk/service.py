from desk.repository import tickets


async def report(number, what):
    await tickets.add(number, what)
    return sorted(tickets.open)


async def look_up(number):
    return await tickets.find(number)
