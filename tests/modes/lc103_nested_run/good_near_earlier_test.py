"""A refused coroutine of an earlier test goes while this one runs, which fails for a slip."""

import asyncio
import gc

import pytest

refused = []


async def count():
    return 1


def counted():
    return asyncio.run(count())


@pytest.mark.asyncio
async def test_a_refusal_is_expected():
    with pytest.raises(RuntimeError) as caught:
        counted()
    refused.append(caught.value)


@pytest.mark.asyncio
async def test_a_slip():
    refused.clear()
    gc.collect()
    assert [1, 2] == [1, 3]


def test_a_loop_inside_is_refused():
    with pytest.raises(RuntimeError) as caught:
        asyncio.run(refuse())
    refused.append(caught.value)


async def refuse():
    counted()


def forget():
    refused.clear()
    gc.collect()


def test_it_goes_in_a_helper():
    forget()
    assert len("abc") == 4
