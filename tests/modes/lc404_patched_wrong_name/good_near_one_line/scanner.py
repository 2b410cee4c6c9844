from hosts import owner, port


def where(name):
    return f"{name}:{port(name)}"


def who(name):
    return owner(name)
