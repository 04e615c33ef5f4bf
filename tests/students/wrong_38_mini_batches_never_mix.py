# mistake: shuffles-inside-only
# fails: mini-batches-mix
def mini_batches(examples, size, rng):
    result = []
    for start in range(0, len(examples), size):
        batch = examples[start : start + size]
        rng.shuffle(batch)
        result.append(batch)
    return result
