# mistake: The list is cut first and each mini-batch shuffled by itself, so that the same examples are always together; the whole should be shuffled before it is cut.
# fails: mini-batches-mix
def chunks(items, size):
    for start in range(0, len(items), size):
        yield list(items[start:start + size])


def mini_batches(examples, size, rng):
    result = []
    for chunk in chunks(examples, size):
        rng.shuffle(chunk)
        result.append(chunk)
    return result
