# mistake: moves-the-data
# fails: mini-batches-leave-data
def mini_batches(training_data, mini_batch_size, rng):
    n = len(training_data)
    rng.shuffle(training_data)
    return [training_data[k : k + mini_batch_size] for k in range(0, n, mini_batch_size)]
