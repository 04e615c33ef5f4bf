# mistake: The shuffled order is kept between calls and shuffled again, so that the same state of rng gives other mini-batches, each call should start from 0, 1, 2, ….
# fails: mini-batches-repeat
class Batcher:
    def __init__(self):
        self.order = []

    def epoch(self, examples, size, rng):
        if len(self.order) != len(examples):
            self.order = list(range(len(examples)))
        rng.shuffle(self.order)
        batches = []
        for first in range(0, len(examples), size):
            batches.append([examples[i] for i in self.order[first:first + size]])
        return batches


batcher = Batcher()


def mini_batches(examples, size, rng):
    return batcher.epoch(examples, size, rng)
