class Provide:
    def __init__(self, thing):
        self.thing = thing

    def __call__(self, *args, **given):
        return self.thing
