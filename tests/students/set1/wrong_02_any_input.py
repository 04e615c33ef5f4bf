# mistake: The threshold is compared with every single product w_j x_j, it should be compared once with the sum of all.
# fails: perceptron-threshold
def weighted_sum(weights, inputs):
    return sum(w * x for w, x in zip(weights, inputs))


def perceptron_threshold(weights, inputs, threshold):
    evidence = [w * x for w, x in zip(weights, inputs)]
    fires = any(e > threshold for e in evidence)
    return 1 if fires else 0
