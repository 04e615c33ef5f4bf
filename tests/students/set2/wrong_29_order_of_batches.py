# mistake: The examples are cut into batches first and only the order of the batches is shuffled, so the same examples are always together (and the smaller batch need not be the last); the examples should be shuffled before the cut.
# fails: mini-batches-mix mini-batches-cover
from itertools import islice


def chunks(items, size):
    it = iter(items)
    while chunk := list(islice(it, size)):
        yield chunk


def mini_batches(examples, size, rng):
    batches = list(chunks(examples, size))
    rng.shuffle(batches)
    return batches
