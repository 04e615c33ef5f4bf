# mistake: The optimiser remembers its last step and adds nine tenths of it to the next call; a step of gradient descent is v - eta * gradient and depends on nothing before.
# fails: descent-step
class Ball:
    """A ball that rolls down the valley of C."""

    def __init__(self):
        self.velocity = []

    def roll(self, v, gradient, eta):
        if len(self.velocity) != len(v):
            self.velocity = [0.0] * len(v)
        self.velocity = [0.9 * u - eta * g for u, g in zip(self.velocity, gradient)]
        return [vi + ui for vi, ui in zip(v, self.velocity)]


_ball = Ball()


def update(v, gradient, eta):
    return _ball.roll(v, gradient, eta)
