import aiohttp

_open = {}


def session_for(tenant):
    if tenant not in _open:
        _open[tenant] = aiohttp.ClientSession(headers={"x-tenant": tenant})  # LC101
    return _open[tenant]
