from tasks import send


class Signup:
    def __init__(self):
        self.errors = []

    def finish(self, user):
        try:
            return {"mail": send(user)}
        except Exception as error:
            self.errors.append(error)
            return {"mail": None, "error": "mail server down"}
