class Gate:
    def __init__(self, *policies):
        self.policies = policies

    def check(self, user):
        return all(one.is_allowed(user) for one in self.policies)  # LC202

    async def enter(self, user):
        return "welcome" if self.check(user) else "no entry"
