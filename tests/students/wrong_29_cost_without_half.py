# mistake: no-half
# fails: cost-formula mean-cost
def cost(outputs, desired):
    return sum((y - a) ** 2 for a, y in zip(outputs, desired))


def mean_cost(outputs_list, desired_list):
    n = len(outputs_list)
    return sum(cost(a, y) for a, y in zip(outputs_list, desired_list)) / n
