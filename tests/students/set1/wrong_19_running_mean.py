# mistake: cost squares the sum of the differences (it should add the squares), and mean_cost halves the running mean with every example, so that late ones weigh most (it should add all and divide by n once).
# fails: cost-formula cost-positive mean-cost
def cost(outputs, desired):
    return sum(y - a for a, y in zip(outputs, desired)) ** 2 / 2


def mean_cost(outputs_list, desired_list):
    mean = None
    for outputs, desired in zip(outputs_list, desired_list):
        this = 0.0
        for a, y in zip(outputs, desired):
            this += (y - a) ** 2 / 2
        mean = this if mean is None else (mean + this) / 2
    return mean
