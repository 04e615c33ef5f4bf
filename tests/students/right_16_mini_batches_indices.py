def mini_batches(examples, size, rng):
    order = sorted(range(len(examples)), key=lambda i: rng.random())
    batch = []
    for i in order:
        batch.append(examples[i])
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
