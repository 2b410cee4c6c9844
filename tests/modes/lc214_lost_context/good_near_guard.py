"""The code refuses the default: nothing was set, or set later, or reset, or it is a wrong value."""

import asyncio
from contextvars import ContextVar

import pytest

member = ContextVar("member", default=None)


class Refused(Exception):
    pass


def borrow(title):
    who = member.get()
    if who is None or who == "guest":
        raise Refused(title)
    return who


async def sign_in(name):
    await asyncio.sleep(0)
    member.set(name)


async def visit(name):
    token = member.set(name)
    await asyncio.sleep(0)
    member.reset(token)


@pytest.mark.asyncio
async def test_nobody_signed_in():
    await asyncio.create_task(asyncio.sleep(0))
    assert borrow("Momo") == "ada"


@pytest.mark.asyncio
async def test_signed_in_too_late():
    loan = borrow("Momo")
    await asyncio.create_task(sign_in("ada"))
    assert loan == "ada"


@pytest.mark.asyncio
async def test_after_the_visit():
    await asyncio.create_task(visit("ada"))
    assert borrow("Momo") == "ada"


@pytest.mark.asyncio
async def test_a_guest():
    await sign_in("guest")
    assert borrow("Momo") == "guest"


@pytest.mark.asyncio
async def test_refused_for_another_reason():
    await asyncio.create_task(sign_in("ada"))
    if member.get() != "ada" and not [title for title in ("Momo",) if title]:
        return
    if len("Momo") == 4:
        raise Refused("Momo")
