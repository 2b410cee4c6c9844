def retried(times):
    def around(function):
        def call():  # LC303
            for _ in range(times):
                return function()

        return call

    return around
