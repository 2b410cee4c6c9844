"""LC105 hand-made-loop: the solution of the exercise, why it works, and one other good way.

What was missing: the test called `statement` in a fresh main thread, the only place that has a
current loop although no code created one. Code that looks it up passes there.

What changed: the second test removes the current loop, as every async test and every `asyncio.run`
does at its end. Code that starts its own loop does not notice; code that looks one up finds none.
The test needs no other test to run before it.

Another good way: call it where there never was a loop, in another thread:
`with ThreadPoolExecutor() as pool: assert pool.submit(statement, {"EUR": 3}).result() == 6`. In an
async test the same is `await asyncio.to_thread(statement, {"EUR": 3})`. Choose it when
threads call the code.
"""

import asyncio

from statement import statement


def test_statement():
    assert statement({"EUR": 3, "USD": 1}) == 10


def test_statement_brings_its_own_loop():
    asyncio.run(asyncio.sleep(0))  # at its end there is no current loop
    assert statement({"EUR": 3, "USD": 1}) == 10
