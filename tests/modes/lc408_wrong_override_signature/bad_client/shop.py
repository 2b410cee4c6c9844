from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException

router = APIRouter(prefix="/v1")


def current_user():
    raise HTTPException(401, "no token")


@router.get("/me")
def me(user: Annotated[dict, Depends(current_user)]):
    return user


app = FastAPI()
app.include_router(router)
