from fastapi import Depends, FastAPI

app = FastAPI()


def get_store():
    return {"emma": 3}


def page(size: int):
    return size


@app.get("/books")
async def books(q: str, store=Depends(get_store), size=Depends(page)):
    return {"found": store[q], "size": size}


@app.post("/books")
async def add(book: dict, store=Depends(get_store)):
    return {"title": book["title"].upper()}
