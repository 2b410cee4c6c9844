"""LC105 hand-made-loop: the solution of the exercise, why it works, and one other good way.

What was missing: the test called `statement` in a fresh main thread, the one place where there is a
current loop without anybody having made it. Code that looks it up passes there.

What changed: the second test takes the current loop away, as every async test and every
`asyncio.run` does at its end. Code that brings its own loop does not notice; code that looks for
one finds none. It needs no other test to run before it.

Another good way: call it where there never was a loop, in a thread of its own:
`with ThreadPoolExecutor() as pool: assert pool.submit(statement, {"EUR": 3}).result() == 6`. In an
async test the same is `await asyncio.to_thread(statement, {"EUR": 3})`. Choose it when threads are
who calls the code.
"""

import asyncio

from statement import statement


def test_statement():
    assert statement({"EUR": 3, "USD": 1}) == 10


def test_statement_brings_its_own_loop():
    asyncio.run(asyncio.sleep(0))  # at its end there is no current loop
    assert statement({"EUR": 3, "USD": 1}) == 10
