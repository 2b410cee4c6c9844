class SoldOut(Exception):
    pass
