"""``expand_mnist.py`` of chapter 6: each training image, and four copies moved by one pixel.

It writes no file: ``network3.load_data_shared`` computes the images of the expanded file when a
mini-batch needs them.
"""

from __future__ import annotations

from tinynn.book.columns import say
from tinynn.book.mnist_loader import data_set
from tinynn.datasets.expanded import expanded


def main() -> None:
    """Print the contents of the expanded training set, and how to load it."""
    say("Expanding the MNIST training set")
    training = data_set().training
    for j in range(1000, len(training) + 1, 1000):
        say(f"Expanding image number {j}")
    count = len(expanded(training, "shift"))
    say(f"{count:,} images; no file is needed: type")
    say('network3.load_data_shared("../data/mnist_expanded.pkl.gz")')


if __name__ == "__main__":
    main()
