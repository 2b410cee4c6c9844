from fastapi import FastAPI

from weather.stations import temperature

app = FastAPI()


@app.get("/now/{city}")
async def now(city: str):
    return {"degrees": await temperature(city)}
