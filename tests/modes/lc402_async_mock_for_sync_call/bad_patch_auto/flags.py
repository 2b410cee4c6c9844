class Flags:
    def enabled(self, name):
        return name in {"dark"}


flags = Flags()
