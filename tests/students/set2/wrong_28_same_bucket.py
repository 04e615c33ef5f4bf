# mistake: Every batch is the same list object, which is emptied for the next one; a new list should be begun for each batch.
# fails: mini-batches-cover mini-batches-mix
def mini_batches(examples, size, rng):
    deck = list(examples)
    rng.shuffle(deck)

    all_batches = []
    bucket = []
    for card in deck:
        bucket.append(card)
        if len(bucket) == size:
            all_batches.append(bucket)
            bucket.clear()
    if bucket:
        all_batches.append(bucket)
    return all_batches
