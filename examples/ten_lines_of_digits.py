"""Ten lines of code learn to read handwritten digits.

A network of 64-30-10 sigmoid neurons learns 1,000 digits of 8×8 pixels by stochastic gradient
descent, equations (20) and (21) of chapter 1, and is tested on 500 digits of other writers.
"""

from tinynn import Network, load_digits

digits = load_digits()
network = Network([64, 30, 10], seed=0)
print(network)
for epoch in network.train(digits.training, 8, 10, 3.0, test_data=digits.test, seed=0):
    print(f"{epoch}   cost {epoch.cost:.4f}")

x, y = digits.test[0]
outputs = network.feedforward(x)
print("one test digit:", " ".join(f"{a:.2f}" for a in outputs))
print(f"the network says {network.predict(x)}, the writer meant {y.argmax()}")
