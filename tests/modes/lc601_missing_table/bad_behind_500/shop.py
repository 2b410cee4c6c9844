"""A server that logs what goes wrong, and tells nobody else."""

import logging

from fastapi import FastAPI
from fastapi.responses import JSONResponse

log = logging.getLogger("shop")


def create_app(db):
    app = FastAPI()

    @app.middleware("http")
    async def hide(request, call_next):
        try:
            return await call_next(request)
        except Exception:
            log.exception("request failed")
            return JSONResponse({"error": "internal"}, status_code=500)

    @app.get("/users")
    async def users():
        async with db.execute("select name from users") as rows:  # LC601
            return [name async for (name,) in rows]

    return app
