# mistake: step
# fails: sigmoid-formula sigmoid-symmetry sigmoid-rises
def sigmoid(z):
    return 1 if z > 0 else 0
