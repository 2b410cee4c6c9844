from contextlib import asynccontextmanager

import fakeredis
from fastapi import Depends, FastAPI, Request


@asynccontextmanager
async def redis_client():
    client = fakeredis.FakeAsyncRedis(decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def lifespan(app):
    app.state.redis = redis_client()  # LC507
    yield


app = FastAPI(lifespan=lifespan)


def redis(request: Request):
    return request.app.state.redis


@app.get("/visits")
async def visits(redis=Depends(redis)):
    return {"visits": await redis.incr("visits")}
