"""Ensembles: networks vote, by a rule with a name, and learn on any executor."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from copy import deepcopy
from multiprocessing import get_context
from random import Random
from typing import Any, Optional

import pytest

import tinynn
from tinynn import (
    ArgumentError,
    Convolution,
    DataError,
    Dense,
    DivergenceError,
    Dropout,
    Ensemble,
    MaxPooling,
    Network,
    ShapeError,
    TinyNNError,
    Vector,
    experiments,
    fast,
    load_digits,
)
from tinynn.experiments.ensembles import RULES, Vote
from tinynn.model import Model

ENGINES: list[Any] = [Network, fast.Network]
DATA = load_digits()


def saying(*outputs: float) -> Network:
    """Return a network with these outputs, whatever its one input is: a^L_j = b_j."""
    return Network.from_parameters(
        [outputs], [[[0.0]] * len(outputs)], layers=[1, Dense(len(outputs), "linear")]
    )


def vote(*networks: Network, rule: str = "plurality") -> int:
    """Return the vote of these networks."""
    return Ensemble(networks, rule).predict([1.0])


# The vote, by hand.


@pytest.mark.ch6
@pytest.mark.parametrize("rule", RULES)
def test_the_answer_that_most_networks_give_wins_however_sure_the_others_are(rule: str) -> None:
    """Answers 2, 0, 2: two votes for 2, although 0 is said with 0.99."""
    weak, sure = saying(0.1, 0.0, 0.2), saying(0.99, 0.0, 0.0)
    assert vote(weak, sure, saying(0.2, 0.0, 0.3), rule=rule) == 2
    assert vote(sure, rule=rule) == 0, "one network is its own vote"


@pytest.mark.ch6
def test_a_tie_goes_to_the_larger_sum_of_outputs() -> None:
    """0.6 + 0.2 = 0.8 for 0, 0.1 + 0.5 = 0.6 for 2; with 0.9 for 2 it is 1.0."""
    assert vote(saying(0.6, 0.0, 0.1), saying(0.2, 0.0, 0.5)) == 0
    assert vote(saying(0.6, 0.0, 0.1), saying(0.2, 0.0, 0.9)) == 2


@pytest.mark.ch6
def test_an_answer_without_a_vote_wins_no_tie() -> None:
    """No network answers 1, although its sum, 0.5 + 0.5, is above 0.6 and 0.55."""
    assert vote(saying(0.6, 0.5, 0.0), saying(0.0, 0.5, 0.55)) == 0


@pytest.mark.ch6
def test_the_strength_of_a_tied_digit_is_summed_over_all_networks() -> None:
    """Two for 0, two for 1, and the fifth, which says 2, leans to 1: 1.7 against 1.6."""
    zero, one = saying(0.8, 0.0, 0.0), saying(0.0, 0.7, 0.0)
    assert vote(zero, one, zero.copy(), one.copy(), saying(0.0, 0.3, 0.9)) == 1
    assert vote(zero, one, zero.copy(), one.copy(), saying(0.0, 0.0, 0.9)) == 0


@pytest.mark.ch6
def test_the_books_rule_gives_a_tie_to_the_network_that_comes_first() -> None:
    """Answers 2 and 0; then 1, 2, 0, 0, 2: of 2 and 0, which tie, the second network says 2."""
    two, zero, one = saying(0.0, 0.0, 0.2), saying(0.9, 0.0, 0.0), saying(0.0, 1.0, 0.0)
    assert vote(two, zero, rule="book") == 2
    assert vote(zero, two, rule="book") == 0
    assert vote(one, two, zero, zero.copy(), two.copy(), rule="book") == 2
    assert vote(two, zero) == 0, "by strength it is 0.9 against 0.2"


@pytest.mark.ch6
def test_equal_sums_give_the_lower_digit_in_any_order() -> None:
    """0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 are not the same float; as a sum they tie."""
    networks = [saying(0.1, 0.3), saying(0.3, 0.1), saying(0.2, 0.2), saying(0.0, 0.1)]
    assert vote(saying(0.0, 0.5), saying(0.5, 0.0)) == 0
    rng = Random(0)
    answers = set()
    for _ in range(20):
        rng.shuffle(networks)
        answers.add(vote(*networks))
    assert answers == {1}, "0.6 for 0, 0.7 for 1, two votes each"


@pytest.mark.ch6
def test_networks_of_one_output_vote_for_0_and_1() -> None:
    """0.9 and 0.3 tie: 1.2 for the answer 1, 0.1 + 0.7 = 0.8 for the answer 0."""
    assert vote(saying(0.9), saying(0.3)) == 1
    assert vote(saying(0.6), saying(0.3)) == 0
    assert vote(saying(0.3), saying(0.6), saying(0.1)) == 0
    assert vote(saying(0.75), saying(0.25)) == 1, "as a network answers 1 at 1/2"


@pytest.mark.ch6
def test_a_vote_has_the_answer_of_each_network() -> None:
    """The answer of each network, the answer of all, and whether it was a tie."""
    ensemble = Ensemble([saying(0.0, 0.2), saying(0.9, 0.0)])
    assert ensemble.vote([1.0]) == Vote((1, 0), 0, True)
    (only,) = ensemble.votes([(Vector([1.0]), Vector([1.0, 0.0]))])
    assert only == Vote((1, 0), 0, True, label=0)
    assert only.is_right


# As a loop over the networks.


def stacks(engine: Any) -> list[Model]:
    """Return three untrained networks with other layers each."""
    plan = [(1, 8, 8), Convolution(2, 3), MaxPooling(2), Dense(10, "softmax")]
    return [
        engine([64, 10], seed=0),
        engine(plan, seed=1, cost="log-likelihood"),
        engine([64, Dense(12, "relu"), Dropout(0.5), 10], seed=2),
    ]


@pytest.mark.ch6
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
def test_an_ensemble_answers_as_a_loop_over_its_networks_does(engine: Any, rule: str) -> None:
    """Each of 40 digits: count the answers, and look at the sums where the most tie."""
    networks, examples = stacks(engine), DATA.test[:40]
    ensemble = Ensemble(networks, rule)
    answers = [each.answer for each in ensemble.votes(examples)]
    right = 0
    for i, (x, y) in enumerate(examples):
        votes = [0] * 10
        strength = [0.0] * 10
        for network in networks:
            votes[network.predict(x)] += 1
            for digit, a in enumerate(network.feedforward(x)):
                strength[digit] += float(a)
        tied = [digit for digit in range(10) if votes[digit] == max(votes)]
        expected = max(tied, key=lambda digit: strength[digit])
        if rule == "book":
            expected = next(net.predict(x) for net in networks if net.predict(x) in tied)
        assert ensemble.predict(x) == expected, f"digit {i}: votes {votes}, sums {strength}"
        assert answers[i] == expected
        right += expected == networks[0].answer_of(y)
    assert ensemble.evaluate(examples) == right


@pytest.mark.ch6
def test_one_network_is_an_ensemble_that_answers_as_it_does() -> None:
    """The same count of right digits; and three equal networks have it too."""
    net = Network([64, 10], seed=0)
    right = net.evaluate(DATA.test)
    assert Ensemble([net]).evaluate(DATA.test) == right
    assert Ensemble([net, net.copy(), net.copy()]).evaluate(DATA.test) == right


@pytest.mark.ch6
def test_networks_of_both_engines_vote_together() -> None:
    """Of the same numbers, and of other ones, in float32 too."""
    pure = stacks(Network)
    mixed = [pure[0], *(fast.Network.from_pure(net, "float32") for net in pure[1:])]  # type: ignore[arg-type]
    examples = DATA.test[:60]
    answers = [[each.answer for each in Ensemble(nets).votes(examples)] for nets in (pure, mixed)]
    assert answers[0] == answers[1]


@pytest.mark.ch6
def test_five_networks_that_vote_are_better_than_each_of_them() -> None:
    """Of 500 test digits: 64-20-10, six epochs, seeds 0 to 4."""
    ensemble = Ensemble([fast.Network([64, 20, 10], seed=seed) for seed in range(5)])
    ensemble.train(DATA.training, 6, 10, 3.0, seed=0).finish()
    alone = [network.evaluate(DATA.test) for network in ensemble.networks]
    together = ensemble.evaluate(DATA.test)
    assert together > max(alone), f"{together} right together, {alone} alone"


# Learning, on any executor.


def trained(engine: Any, executor: Optional[Executor] = None, **how: Any) -> Ensemble:
    """Return three small networks, one epoch on a hundred digits, with dropout in one of them."""
    networks = [
        engine([64, 4, *drop, 10], seed=i) for i, drop in enumerate(([Dropout(0.25)], [], []))
    ]
    ensemble = Ensemble(networks)
    options = {"lmbda": 0.1, "mu": 0.5, "seed": 7, "validation_data": DATA.validation[:20], **how}
    done = ensemble.train(DATA.training[:100], 2, 10, 0.5, executor=executor, **options).finish()
    assert [each.number for each in done] == [0, 1, 2]
    assert [len(each.reports) for each in done] == [2, 2, 2]
    assert all(each.reports[-1].scores["validation"].total == 20 for each in done)
    return ensemble


@pytest.mark.ch6
@pytest.mark.parametrize("engine", ENGINES)
def test_an_ensemble_learns_what_each_network_learns_by_itself(engine: Any) -> None:
    """Network i shuffles with the seed 7 + i; it ends in the same bits."""
    alone = engine([64, 4, 10], seed=2)
    alone.train(DATA.training[:100], 2, 10, 0.5, 0.1, mu=0.5, seed=9).finish()
    assert trained(engine).networks[2] == alone


@pytest.mark.ch6
@pytest.mark.parametrize("engine", ENGINES)
def test_any_executor_trains_the_same_networks(engine: Any) -> None:
    """One after the other, in threads, in processes, and at once as it is submitted."""
    expected = trained(engine).networks
    with ThreadPoolExecutor(3) as threads:
        assert trained(engine, threads).networks == expected
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert trained(engine, processes).networks == expected
    assert trained(engine, _AtOnce()).networks == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_that_was_sent_to_another_process_still_learns(engine: Any) -> None:
    """Pickled and deep-copied, it takes the same step; arrays that share memory do so again."""
    network = engine([64, 4, 10], seed=0)
    network.evaluate(DATA.test)
    others = [pickle.loads(pickle.dumps(network)), deepcopy(network)]
    for each in (network, *others):
        each.update_mini_batch(DATA.training[:10], 0.5)
    assert others == [network, network]
    assert network != engine([64, 4, 10], seed=0)


class _AtOnce(Executor):
    """Run what is submitted at once, and keep it as done: no more than an Executor has to do."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Any:
        from concurrent.futures import Future

        future: Any = Future()
        future.set_result(function(*arguments, **named))
        return future


@pytest.mark.ch6
def test_networks_are_reported_as_they_are_done_and_the_rest_waits() -> None:
    """After the first of three, the others are as they were; a dropped run says so."""
    networks = [Network([64, 10], seed=seed) for seed in range(3)]
    before = [network.copy() for network in networks]
    run = Ensemble(networks).train(DATA.training[:50], 1, 10, 0.5, seed=0)
    assert [a == b for a, b in zip(networks, before)] == [True, True, True]
    assert next(run).number == 0
    assert [a == b for a, b in zip(networks, before)] == [False, True, True]
    assert len(run.finish()) == 3
    with pytest.warns(RuntimeWarning, match="deleted before it trained"):
        Ensemble(networks).train(DATA.training[:50], 1, 10, 0.5)


@pytest.mark.ch6
def test_a_network_that_diverges_is_named() -> None:
    """η = 1e200 on linear outputs; the network itself is left as it was."""
    network = Network([64, Dense(10, "linear")], seed=0)
    before = network.copy()
    run = Ensemble([network]).train(DATA.training[:50], 3, 10, 1e200, seed=0)
    with pytest.raises(DivergenceError, match="network 0: .*eta = 1e"):
        run.finish()
    assert network == before


# What is refused.


@pytest.mark.parametrize(
    ("networks", "kind", "words"),
    [
        ([], ArgumentError, "networks: expected at least one, got none"),
        (saying(1.0), DataError, "networks: expected a list of networks, got a Network"),
        ("a.json", DataError, "networks: expected a list of networks"),
        (["a.json"], ArgumentError, "network 0: expected a Network, got 'a.json'"),
        ([saying(1.0), 3], ArgumentError, "network 1: expected a Network, got 3"),
        ([saying(1.0), saying(1.0, 2.0)], ShapeError, "network 1: .*1 output,.* got .*2 outputs"),
        ([saying(1.0), Network([2, 1])], ShapeError, "network 1: .*1 input .* got 2 inputs"),
        ([saying(1.0)] * 2, ArgumentError, "network 1: expected different networks"),
    ],
)
def test_networks_that_do_not_fit_are_rejected(
    networks: Any, kind: type[TinyNNError], words: str
) -> None:
    """The one-line message has the expected and the given value."""
    with pytest.raises(kind, match=words):
        Ensemble(networks)


def test_other_mistakes_are_rejected_at_the_call() -> None:
    """A rule that is not known, an executor that is none, settings and data that do not fit."""
    with pytest.raises(ArgumentError, match="rule: expected plurality or book, got 'most'"):
        Ensemble([saying(1.0)], "most")
    with pytest.raises(ArgumentError, match="rule: expected plurality or book, got 3"):
        Ensemble([saying(1.0)], 3)  # type: ignore[arg-type]
    ensemble = Ensemble([Network([64, 10], seed=0)])
    with pytest.raises(ArgumentError, match="executor: expected an Executor"):
        ensemble.train(DATA.training, 1, 10, 0.5, executor=3)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="epochs"):
        ensemble.train(DATA.training, 0, 10, 0.5)
    with pytest.raises(ArgumentError, match="seed"):
        ensemble.train(DATA.training, 1, 10, 0.5, seed="one")  # type: ignore[arg-type]
    with pytest.raises(TinyNNError, match="training_data, example 0, x"):
        ensemble.train([(Vector([1.0]), Vector([1.0]))], 1, 10, 0.5)
    with pytest.raises(TinyNNError, match="examples: expected one part of the data"):
        ensemble.evaluate(DATA)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="x: expected"):
        ensemble.predict([1.0])


def test_importing_ensemble_loads_no_pool_of_processes() -> None:
    """`from tinynn import Ensemble` loads no pool of processes; it is one class everywhere."""
    code = "import sys; from tinynn import Ensemble; print('concurrent' in str(sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert experiments.Ensemble is tinynn.Ensemble is Ensemble
    assert repr(Ensemble([saying(1.0)])) == (
        "<Ensemble of 1 network, 1 input and 1 output, plurality>"
    )
    assert len(Ensemble([saying(1.0), saying(2.0)])) == 2
