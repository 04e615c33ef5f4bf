# mistake: bias-as-threshold
# fails: perceptron-rule
def perceptron(w, x, b):
    s = 0
    for i in range(len(w)):
        s += w[i] * x[i]
    return 1 if s > b else 0
