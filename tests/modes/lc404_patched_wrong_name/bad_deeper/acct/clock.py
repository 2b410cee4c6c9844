from datetime import datetime


def utcnow():
    return datetime(2030, 1, 1)
