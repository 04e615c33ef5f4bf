# mistake: uphill
# fails: descent-step descent-decreases descent-steepest
def update(v, gradient, eta):
    new = []
    for i in range(len(v)):
        new.append(v[i] + eta * gradient[i])
    return new
