import json

from flags import flags


async def settings(user):
    return json.dumps({"user": user, "dark": flags.enabled("dark")})
