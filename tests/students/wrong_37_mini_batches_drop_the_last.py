# mistake: drops-the-last
# fails: mini-batches-cover
def mini_batches(examples, size, rng):
    data = list(examples)
    rng.shuffle(data)
    batches = []
    for i in range(len(data) // size):
        batches.append(data[i * size : (i + 1) * size])
    return batches
