"""Containers that live on, and failures that have nothing to do with what is left in them."""

SLOTS = []
SQUARES = {}
HANDLERS = {}


async def take(number):
    if len(SLOTS) >= 5:
        raise RuntimeError("no slot is left")
    SLOTS.append(number)
    return len(SLOTS)


async def square(number):
    if number not in SQUARES:
        SQUARES[number] = number * number
    return SQUARES[number]


def on(name, handler):
    if name in HANDLERS:
        raise ValueError(f"{name} has a handler")
    HANDLERS[name] = handler


async def emit(name, payload):
    return [await HANDLERS[name](payload)] if name in HANDLERS else []
