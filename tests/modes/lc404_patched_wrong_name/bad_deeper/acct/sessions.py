from acct import legacy


async def begin(user):
    return {"user": user, "year": legacy.utcnow().year}  # used
