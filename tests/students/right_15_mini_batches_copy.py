def mini_batches(examples, size, rng):
    examples = list(examples)
    rng.shuffle(examples)
    return [examples[i : i + size] for i in range(0, len(examples), size)]
