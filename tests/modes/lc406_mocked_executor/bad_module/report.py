from concurrent.futures import ThreadPoolExecutor


def build():
    return "report"


def run():
    with ThreadPoolExecutor(2) as pool:
        return pool.submit(build).result(timeout=3)
