class Jobs:
    def __init__(self, *, seen={}):  # LC308
        self.seen = seen

    def take(self, name):
        return self.seen.pop(name)

    def put(self, name):
        self.seen[name] = True
        return self.seen
