import httpx

http = httpx.AsyncClient(base_url="http://127.0.0.1:1")


async def switch(name):
    answer = await http.post(f"/lamps/{name}")
    return answer.json()["on"]
