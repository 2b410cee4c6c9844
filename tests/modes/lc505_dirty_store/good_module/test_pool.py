import pool


async def echo(payload):
    return payload


async def test_leaves_a_lot():
    for number in range(3):
        await pool.take(number)
    assert await pool.square(2) == 4
    pool.on("echo", echo)


async def test_counts_wrong():  # fails: the fixture has emptied it
    assert await pool.take(1) == 0


async def test_takes_too_many():  # fails by itself
    for number in range(6):
        await pool.take(number)


async def test_a_cache_answers_the_same():  # fails: it would, alone, too
    assert not await pool.square(2)


async def test_calculates_wrong():  # fails
    assert await pool.square(2) == 3


async def test_a_registry_is_filled():  # fails: nobody counts on an empty one
    assert await pool.emit("echo", 1) == [2]


async def test_registers_twice():  # fails by itself
    pool.on("late", echo)
    pool.on("late", echo)


async def test_another_length():  # fails: it is off by more than what was left
    assert len(pool.SQUARES) == 5
