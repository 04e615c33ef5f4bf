# mistake: divided-by-size
# fails: mini-batch-mean
def mean_gradient(gradients):
    total = [0.0] * len(gradients[0])
    for g in gradients:
        for i in range(len(g)):
            total[i] += g[i]
    n = len(total)
    return [t / n for t in total]
