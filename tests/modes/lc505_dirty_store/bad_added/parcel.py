"""All objects of a class share the labels that its body makes, and has some in."""


class Parcel:
    labels = {"from": "us"}  # LC505

    async def send(self):
        return dict(self.labels)
