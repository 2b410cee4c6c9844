async def resolve(name):
    raise OSError(f"no route to {name}")


def port(name):
    return 80
