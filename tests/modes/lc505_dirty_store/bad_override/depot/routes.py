from fastapi import APIRouter, Depends, FastAPI, HTTPException

router = APIRouter(prefix="/crates")


async def stock():
    return {"figs": 3}


async def driver(key: str = ""):
    if key != "blue":
        raise HTTPException(401)
    return "ann"


@router.get("/{name}")
async def count(name: str, crates: dict = Depends(stock)):
    return {"count": crates[name]}


@router.post("/{name}/leave")
async def leave(name: str, who: str = Depends(driver)):
    return {"by": who}


def make_app():
    app = FastAPI()
    app.include_router(router, prefix="/v1")
    return app


app = make_app()
