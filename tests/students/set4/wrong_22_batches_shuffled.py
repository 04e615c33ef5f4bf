# mistake: the batches are cut first and only their order is shuffled, the examples themselves should be; and the rest that does not fill a batch is left out, it should be a smaller last batch.
# fails: mini-batches-cover mini-batches-mix


def mini_batches(examples, size, rng):
    how_many = len(examples) // size
    batches = []
    for number in range(how_many):
        start = number * size
        batches.append(list(examples[start:start + size]))
    rng.shuffle(batches)
    return batches
