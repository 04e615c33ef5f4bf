# mistake: the loop ends one too early (len(v) - 1), so the last coordinate never moves; it should run while i < len(v).
# fails: descent-step descent-decreases descent-steepest
def update(v, gradient, eta):
    new = list(v)
    i = 0
    while i < len(v) - 1:
        new[i] = v[i] - eta * gradient[i]
        i += 1
    return new
