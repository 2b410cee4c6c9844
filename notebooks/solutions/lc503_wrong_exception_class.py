"""LC503 wrong-exception-class: the solution of the exercise, why, and one other good way.

Why: a handler looks at classes, and a name is no class. What Python and its standard library
raise is Python's own: `asyncio.timeout` and a `Future` raise `TimeoutError`, and a refused socket
raises `ConnectionRefusedError`, a subclass of `ConnectionError`. What a client raises is the
client's own: `valkey.exceptions.ConnectionError` is a `ValkeyError`, `httpx.ConnectError` and
`httpx.ReadTimeout` are `httpx.HTTPError`. They go past both handlers.

Another good way to know: ask the class. `type(error).__mro__` lists all that a handler may say.
"""

caught_by = {
    "a_limit": "TimeoutError",
    "a_socket": "ConnectionError",
    "a_store": "neither",
    "a_page": "neither",
    "a_late_page": "neither",
    "a_thread": "TimeoutError",
}
