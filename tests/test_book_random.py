"""BookRandom: the weights and shuffles of the book's programs, bit for bit."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tinynn import ArgumentError, BookRandom, DataError, Network, Vector
from tinynn.randomness import BOOKS_SEED, init_genrand, random_source

pytestmark = pytest.mark.ch3

DRAWS = 100_000
# What NumPy's RandomState(12345678) gives, without NumPy: draws 0 to 3, then each 10,000th.
NORMAL = [0.5537081891302397, -1.4596319930600405, -1.294585139377667, -1.5096739451572456]
NORMAL_LATER = [
    0.8461047342232935,
    -0.8021515317741374,
    0.33605433683946545,
    0.7930083475570865,
    1.6437700775641184,
    0.48234111637864246,
    0.27258218029101106,
    -1.8125599085213404,
    1.7888178241962478,
]
UNIFORM = [0.24580423382490257, 0.5964286053214767, 0.3587916284219358, 0.3789101050679915]
UNIFORM_LATER = [
    0.05627898419117461,
    0.45108368575189894,
    0.4673991685745217,
    0.7907194632944503,
    0.8812186106525461,
    0.27302743225038073,
    0.16991872213674875,
    0.06665134053189625,
    0.34946625695790956,
]
# What Python 2.7.18 gives: random.seed(12345678), then random.shuffle twice on range(1000).
SHUFFLED = [945, 839, 977, 876, 956, 317, 581, 440, 858, 1]  # the first ten
SHUFFLED_AGAIN = [616, 891, 584, 427, 119, 878, 562, 277, 788, 72]


def test_the_draws_are_those_recorded_of_the_books_seed() -> None:
    """10^5 normal numbers and 10^5 uniform ones of the seed 12345678, each to the last bit."""
    rng = BookRandom()
    normal = [rng.gauss() for _ in range(DRAWS)]
    assert normal[:4] == NORMAL
    assert normal[10_000::10_000] == NORMAL_LATER
    rng = BookRandom(BOOKS_SEED)
    uniform = [rng.random() for _ in range(DRAWS)]
    assert uniform[:4] == UNIFORM
    assert uniform[10_000::10_000] == UNIFORM_LATER


@pytest.mark.parametrize("seed", [0, 1, BOOKS_SEED, 2**32 - 1])
def test_the_draws_are_those_of_numpys_random_state(seed: int) -> None:
    """Bit for bit over 10^5 draws, and also where the two kinds of draws take turns."""
    numpy = pytest.importorskip("numpy")
    rng, theirs = BookRandom(seed), numpy.random.RandomState(seed)
    assert [rng.gauss(0.0, 1.0) for _ in range(DRAWS)] == theirs.randn(DRAWS).tolist()
    assert [rng.random() for _ in range(DRAWS)] == theirs.random_sample(DRAWS).tolist()
    for _ in range(1000):
        assert rng.gauss(2.0, 0.5) == theirs.normal(2.0, 0.5)
        assert rng.random() == theirs.random_sample()


def test_the_words_are_those_of_init_genrand() -> None:
    """mt_1 = 1812433253 (1 xor 0) + 1 for the seed 1; as NumPy has them for the book's."""
    assert init_genrand(1)[:2] == [1, 1812433254]
    assert len(init_genrand(BOOKS_SEED)) == 624
    numpy = pytest.importorskip("numpy")
    words = numpy.random.RandomState(BOOKS_SEED).get_state()[1].tolist()
    assert init_genrand(BOOKS_SEED) == words


def test_a_shuffle_is_in_the_order_of_python_2() -> None:
    """Two shuffles of one list of 1,000: recorded, and by Python 2's rule from Random's floats."""
    order = list(range(1000))
    rng, floats = BookRandom(), Random(BOOKS_SEED)
    expected = order[:]
    for recorded in (SHUFFLED, SHUFFLED_AGAIN):
        rng.shuffle(order)
        for i in reversed(range(1, 1000)):
            j = int(floats.random() * (i + 1))
            expected[i], expected[j] = expected[j], expected[i]
        assert order == expected
        assert order[:10] == recorded


def test_weights_and_shuffles_are_two_generators() -> None:
    """A shuffle moves no weight on, and a weight no shuffle: one rng does for both."""
    mixed, apart = BookRandom(), BookRandom()
    orders = list(range(100)), list(range(100))
    mixed.shuffle(orders[0])
    drawn = [mixed.gauss() for _ in range(3)]
    assert drawn == [apart.gauss() for _ in range(3)]
    apart.shuffle(orders[1])
    assert orders[0] == orders[1]


def test_a_network_draws_all_biases_and_then_all_weights() -> None:
    """784-30-10: weight 0 of neuron 0 is draw 40, over √784 = 28 where first weights are scaled."""
    source = BookRandom()
    draws = [source.gauss() for _ in range(40 + 784 * 30)]
    net = Network([784, 30, 10], init="scaled", rng=BookRandom())
    assert list(net.biases[0]) + list(net.biases[1]) == draws[:40]
    assert list(net.weights[0].rows[0][:2]) == [draw / sqrt(784) for draw in draws[40:42]]
    assert net.weights[0].rows[29][783] == draws[-1] / 28.0


def test_a_restored_state_continues_with_the_same_draws() -> None:
    """Also with a pending normal number, and after a round trip through JSON's lists."""
    rng, order = BookRandom(7), list(range(50))
    rng.gauss()
    rng.shuffle(order)
    state = rng.getstate()
    expected = [rng.gauss() for _ in range(3)], rng.random()
    rng.shuffle(order)

    def tupled(part: Any) -> Any:
        return tuple(map(tupled, part)) if isinstance(part, list) else part

    other, other_order = BookRandom(0), list(range(50))
    BookRandom(7).shuffle(other_order)
    other.setstate(tupled(json.loads(json.dumps(state))))
    assert ([other.gauss() for _ in range(3)], other.random()) == expected
    other.shuffle(other_order)
    assert other_order == order


def test_a_run_that_draws_from_it_is_saved_and_resumed(tmp_path: Path) -> None:
    """Two epochs, a file and two more are four, to the bit; no generator is handed in again."""
    xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    rng = BookRandom()
    whole = Network([2, 3, 1], rng=rng)
    whole.train(xor, 4, 1, 0.5, rng=rng).finish()
    rng = BookRandom()
    run = Network([2, 3, 1], rng=rng).train(xor, 4, 1, 0.5, rng=rng)
    next(run), next(run)
    run.save(tmp_path / "run.json")
    resumed = Network.resume(tmp_path / "run.json", xor)
    assert len(resumed.finish()) == 4
    assert resumed.network == whole


def test_invalid_seeds_and_states_are_rejected() -> None:
    """A seed is from 0 to 2^32 - 1, as NumPy's is; a state is what getstate() returned."""
    assert random_source(rng=BookRandom()).random() == UNIFORM[0]
    for seed in (-1, 2**32, 0.5, True, "1"):
        with pytest.raises(ArgumentError, match="seed: expected a whole number of at "):
            BookRandom(seed)  # type: ignore[arg-type]
    rng = BookRandom()
    before = rng.getstate()
    for state in (3, (), ((3, (1, 2), None), None, before[2]), (before[0], "x", before[2])):
        with pytest.raises(DataError, match="expected a state from BookRandom.getstate"):
            rng.setstate(state)  # type: ignore[arg-type]
        assert rng.getstate() == before
