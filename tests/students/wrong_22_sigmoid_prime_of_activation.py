# mistake: of-activation
# fails: sigmoid-slope
def sigmoid_prime(z):
    # sigma' = sigma (1 - sigma)
    return z * (1 - z)
