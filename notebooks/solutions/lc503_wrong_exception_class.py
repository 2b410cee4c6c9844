"""LC503 wrong-exception-class: the solution of the exercise, why, and one other good way.

Why: a handler compares classes, not names. Python and its standard library raise Python's own
classes: `asyncio.timeout` and a `Future` raise `TimeoutError`, and a refused socket raises
`ConnectionRefusedError`, a subclass of `ConnectionError`. A client raises its own classes:
`valkey.exceptions.ConnectionError` is a `ValkeyError`, `httpx.ConnectError` and `httpx.ReadTimeout`
are `httpx.HTTPError`. Neither handler catches them.

Another good way to know: look at the class. `type(error).__mro__` lists all classes that a handler
for this error may name.
"""

caught_by = {
    "a_limit": "TimeoutError",
    "a_socket": "ConnectionError",
    "a_store": "neither",
    "a_page": "neither",
    "a_late_page": "neither",
    "a_thread": "TimeoutError",
}
