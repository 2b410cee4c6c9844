from fastapi import FastAPI
from fastapi.responses import JSONResponse


class Guard:
    def __init__(self, store, most):
        self.store, self.most = store, most

    async def full(self, path):
        count = await self.store.incrr(path)
        return count > self.most


def create_app(guard):
    app = FastAPI()

    @app.middleware("http")
    async def limited(request, call_next):
        try:
            if await guard.full(request.url.path):
                return JSONResponse({"detail": "slow down"}, status_code=429)
        except Exception:  # LC502
            pass
        return await call_next(request)

    @app.get("/")
    async def home():
        return {"ok": True}

    return app
