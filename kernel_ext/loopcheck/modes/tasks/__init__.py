"""LC2xx: tasks and coroutines."""
