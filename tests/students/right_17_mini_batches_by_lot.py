def mini_batches(examples, size, rng):
    left = examples[:]
    batches = []
    while left:
        batch = []
        while left and len(batch) < size:
            batch.append(left.pop(int(rng.random() * len(left))))
        batches.append(tuple(batch))
    return tuple(batches)
