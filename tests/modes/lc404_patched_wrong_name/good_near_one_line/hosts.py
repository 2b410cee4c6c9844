def port(name):
    return 80


def owner(name):
    return "ada"
