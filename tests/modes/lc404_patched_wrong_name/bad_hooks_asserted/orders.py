from audit import write

AFTER = [write]


async def place(order):
    for hook in AFTER:
        await hook(f"order {order}")
