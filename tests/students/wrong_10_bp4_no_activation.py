# mistake: error-alone
# fails: bp4
def weight_gradient(activations, error):
    J = len(error)
    K = len(activations)
    grad = [[0 for k in range(K)] for j in range(J)]
    for j in range(J):
        for k in range(K):
            grad[j][k] = error[j]
    return grad
