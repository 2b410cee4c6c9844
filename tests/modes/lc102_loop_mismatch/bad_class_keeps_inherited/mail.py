from homes import AtHome


class Mailbox(AtHome):
    def __init__(self):
        super().__init__()
        self.asked = []

    def ask(self):
        answer = self.promise()
        self.asked.append(answer)
        return answer
