async def count(name):
    return 3


async def other(name):
    return 5


async def report(name, *, ask=count):
    return f"{name}: {await ask(name)}"


async def total(*names):
    return sum([await count(name) for name in names])
