# mistake: transposed
# fails: weighted-input
def weighted_input(w, a, b):
    z = []
    for j in range(len(b)):
        total = b[j]
        for k in range(len(a)):
            total += w[k][j] * a[k]
        z.append(total)
    return z
