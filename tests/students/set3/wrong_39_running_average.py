# mistake: the velocity is a running average, in which the gradient is multiplied by 1 - mu (it should be eta/m times the gradient, whole); and masked keeps an activation whole wherever its r is not 0, instead of multiplying.
# fails: momentum dropout-mask
new_velocity = lambda velocity, nabla_sum, eta, m, mu: [
    mu * v - (1 - mu) * eta / m * g for v, g in zip(velocity, nabla_sum)
]

masked = lambda mask, activations: [a if keep else 0 for keep, a in zip(mask, activations)]
