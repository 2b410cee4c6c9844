from acct.clock import utcnow

__all__ = ["utcnow"]
