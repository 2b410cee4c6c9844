import httpx


class Api(httpx.AsyncClient):
    """A client of its own, for tests."""

    def __init__(self, app, **more):
        super().__init__(app=app, base_url="http://api", **more)  # LC407
