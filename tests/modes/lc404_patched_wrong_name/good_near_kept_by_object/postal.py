async def look_up(code):
    raise OSError("no network in tests")
