"""LC410 mock-not-a-context-manager: the answers of the exercise, why, and another way to them.

The rule: Python first calls, and then enters the result.

    bare     A method of an AsyncMock returns a coroutine, which `async with` can't enter.
    sync     A method of a MagicMock returns a MagicMock, which has `__aenter__` and `__aexit__`.
    plain    A method of a Mock returns a Mock, which has neither.
    entered  Like bare: only an `await` would return the configured value, and there is none.
    opened   This one method is a MagicMock, so its call returns one.
    spec     `lamp` is a plain `def` in the class, so the spec makes its mock sync.

Another good way, in your own project: check the mock in a line of the test,
`print(type(pool.acquire()).__name__)`. If it says `coroutine`, `async with` can't enter it.
"""

says = {
    "bare": "coroutine",
    "sync": "it opens",
    "plain": "Mock",
    "entered": "coroutine",
    "opened": "it opens",
    "spec": "it opens",
}
