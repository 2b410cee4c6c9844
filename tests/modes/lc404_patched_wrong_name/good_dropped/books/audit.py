async def audit(event):
    return None


def now():
    return 5
