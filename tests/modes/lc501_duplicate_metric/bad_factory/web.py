from fastapi import FastAPI
from prometheus_client import Histogram


def create_app():
    app = FastAPI()
    seconds = Histogram("http_request_seconds", "Time per request", ["path"])  # LC501

    @app.middleware("http")
    async def measure(request, call_next):
        with seconds.labels(request.url.path).time():
            return await call_next(request)

    @app.get("/health")
    async def health():
        return {"ok": True}

    return app


app = create_app()
