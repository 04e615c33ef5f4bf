# mistake: z-for-a
# fails: bp1
def output_error(cost_derivative, weighted_inputs):
    """delta = dC/da * a(1-a)"""
    return [c * a * (1 - a) for c, a in zip(cost_derivative, weighted_inputs)]
