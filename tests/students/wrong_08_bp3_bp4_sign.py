# mistake: sign
# fails: bp3 bp4
def bias_gradient(error):
    return [-d for d in error]


def weight_gradient(activations, error):
    return [[-a * d for a in activations] for d in error]
