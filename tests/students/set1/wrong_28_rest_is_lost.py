# mistake: Only whole mini-batches are made and the rest is dropped (the last one should be smaller), and the caller's own list is shuffled (it should be a copy).
# fails: mini-batches-cover mini-batches-leave-data
def mini_batches(examples, size, rng):
    data = examples
    rng.shuffle(data)
    count = len(data) // size
    return [data[i * size:(i + 1) * size] for i in range(count)]
