# mistake: The x and the y are shuffled independently of each other, so examples are torn apart; the pairs should be shuffled.
# fails: mini-batches-cover
def mini_batches(examples, size, rng):
    images = [x for x, _ in examples]
    labels = [y for _, y in examples]
    rng.shuffle(images)
    rng.shuffle(labels)
    mixed = list(zip(images, labels))
    batches = []
    while mixed:
        batches.append(mixed[:size])
        mixed = mixed[size:]
    return batches
