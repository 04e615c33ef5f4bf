"""A perceptron decides whether to go to the cheese festival.

It weighs up three questions and says yes above a threshold: equation (1) of chapter 1. Written
with a bias b = -threshold it is equation (2), and the answers are the same. A lower threshold,
which is a higher bias, makes it keener to go.
"""

from itertools import product

from tinynn import Perceptron, Vector
from tinynn.neurons import threshold_output, weighted_sum

QUESTIONS = ("good weather", "a friend comes", "near a station")
WEIGHTS = Vector([6, 2, 2])

for threshold in (5.0, 3.0):
    perceptron = Perceptron(WEIGHTS, bias=-threshold)
    print(f"weights 6, 2, 2, threshold {threshold:g}: {perceptron}")
    for answers in product((1, 0), repeat=3):
        x = Vector(answers)
        total = weighted_sum(WEIGHTS, x)
        by_threshold = threshold_output(WEIGHTS, x, threshold)  # equation (1)
        by_bias = perceptron.output(x)  # equation (2)
        decision = "go" if by_bias == 1.0 else "stay"
        reasons = ", ".join(q for q, yes in zip(QUESTIONS, answers) if yes) or "nothing"
        print(f"  {decision:4}  {total:4g} {'> ' if by_bias else '<='} {threshold:g}  {reasons}")
        if by_threshold != by_bias:
            print("  the two forms disagree!")
    print()

print("The weather alone decides at threshold 5. At threshold 3, a friend and a station will do.")
