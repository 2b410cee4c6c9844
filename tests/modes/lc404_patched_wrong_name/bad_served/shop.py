from aiohttp import web
from prices import fetch


async def show(request):
    return web.json_response(await fetch(request.match_info["sku"]))


def build():
    app = web.Application()
    app.router.add_get("/{sku}", show)
    return app
