# mistake: the examples are cut into mini-batches first and only the mini-batches are shuffled, so the same examples always stay together and the short one may come first; shuffle the examples, then cut.
# fails: mini-batches-mix mini-batches-cover
def slices(items, size):
    for k in range(0, len(items), size):
        yield items[k:k + size]


def mini_batches(examples, size, rng):
    batches = list(slices(list(examples), size))
    rng.shuffle(batches)
    return batches
