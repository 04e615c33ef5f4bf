# mistake: the mutable default `order` lives on between calls, so each epoch shuffles what the last one left; it should start from the examples' own order in each call.
# fails: mini-batches-repeat


def mini_batches(examples, size, rng, order=[]):
    """Shuffle the places, not the examples, so that the data stay as they are."""
    if len(order) != len(examples):
        order[:] = range(len(examples))
    rng.shuffle(order)
    return [[examples[i] for i in order[start:start + size]]
            for start in range(0, len(order), size)]
