def retried(times):
    def around(function):
        def call():
            for _ in range(times):
                return function()

        return call

    return around
