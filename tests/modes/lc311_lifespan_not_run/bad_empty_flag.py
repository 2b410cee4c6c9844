"""A service answers that it is not ready. Its lifespan opens it, and no test runs that."""

from contextlib import asynccontextmanager
from unittest import IsolatedAsyncioTestCase

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient


class Vault:
    is_open = False

    def open(self):
        self.is_open = True


def create_app(vault):
    @asynccontextmanager
    async def opened(app):
        vault.open()
        yield
        vault.is_open = False

    app = FastAPI(lifespan=opened)

    @app.get("/health")
    async def health():
        return {"ready": vault.is_open}

    return app


# name: vault.is_open
class HealthTest(IsolatedAsyncioTestCase):
    async def test_it_is_ready(self):
        app = create_app(Vault())
        transport = ASGITransport(app)  # LC311
        async with AsyncClient(transport=transport, base_url="http://vault") as client:
            answer = await client.get("/health")
        self.assertEqual(answer.json(), {"ready": True})
