# mistake: remembers
# fails: mini-batch-mean
total = []


def mean_gradient(gradients):
    for j in range(len(gradients[0])):
        if len(total) <= j:
            total.append(0)
    for g in gradients:
        for j, slope in enumerate(g):
            total[j] += slope
    return [t / len(gradients) for t in total[: len(gradients[0])]]
