# mistake: each example of a mini-batch is drawn anew from all examples, so some come twice in an epoch and some never; the examples should be shuffled and cut.
# fails: mini-batches-cover
def draw(examples, rng):
    return examples[int(rng.random() * len(examples))]


def mini_batches(examples, size, rng):
    """Random mini-batches, as many as an epoch needs."""
    batches = []
    left = len(examples)
    while left > 0:
        m = min(size, left)
        batches.append([draw(examples, rng) for _ in range(m)])
        left -= m
    return batches
