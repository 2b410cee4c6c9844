"""LC410 mock-not-a-context-manager: the answers of the exercise, why, and another way to them.

The rule: first the call, then what it gives is entered.

    bare     a method of an AsyncMock gives a coroutine, which cannot be entered
    sync     a method of a MagicMock gives a MagicMock, which has `__aenter__` and `__aexit__`
    plain    a method of a Mock gives a Mock, which has neither
    entered  as bare: the return value would come out of an `await`, and nobody awaits
    opened   the one method is a MagicMock, so its call gives one
    spec     `lamp` is a plain `def` in the class, so the spec makes its double sync

Another good way, in a project of your own: ask the double in a line of the test,
`print(type(pool.acquire()).__name__)`. If it says `coroutine`, no `async with` will take it.
"""

says = {
    "bare": "coroutine",
    "sync": "it opens",
    "plain": "Mock",
    "entered": "coroutine",
    "opened": "it opens",
    "spec": "it opens",
}
