"""The base of both engines' networks: construction, sizes, files, training and measuring."""

from __future__ import annotations

import sys
import warnings
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Integral
from typing import Any, Optional, TypeVar, Union

from tinynn.activations import SIGMOID, TANH, Activation, activation_named
from tinynn.costs import QUADRATIC, Cost, cost_named, penalty_named, require_fit
from tinynn.equations.tanh import rescaled
from tinynn.errors import (
    ArgumentError,
    DataError,
    ShapeError,
    TinyNNError,
    describe,
    require_at_least_0,
    require_count,
    require_kind,
    require_row,
)
from tinynn.files import FilePath, Saved, read_network, write_network
from tinynn.layers.descriptions import Dense, Described, Plan
from tinynn.linalg import Matrix, Vector, as_vector
from tinynn.notebook import Shown, table, titled
from tinynn.randomness import (
    Masks,
    RandomSource,
    first_weights,
    gaussian_vector,
    init_named,
    random_source,
)
from tinynn.training.checkpoint import Checkpoint, find_data, read_checkpoint, restored_generator
from tinynn.training.examples import Example
from tinynn.training.reports import Answers, Score
from tinynn.training.run import Learner, OnMiniBatch, Run
from tinynn.training.settings import Momentum, Settings

Self = TypeVar("Self", bound="Model")


class Model(Learner):
    """A feedforward network: its plan and its cost. The engine's subclass holds the numbers."""

    _plan: Plan
    _cost: Cost
    _matched: Cost  # the same cost, matched to the output neurons if they fit
    _dtype: str = "float64"

    def __init__(
        self,
        layers: Sequence[Described],
        *,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        activation: Union[str, Activation] = SIGMOID,
        cost: Union[str, Cost] = QUADRATIC,
        init: Optional[str] = None,
    ) -> None:
        plan = Plan(layers, activation)
        cost = cost_named(cost)
        require_fit(plan, cost)
        source = random_source(seed, rng)
        own = (plan.descriptions[l - 2].init for l in plan.learning)
        inits = [init_named(each if init is None else init) for each in own]
        shapes = plan.weight_shapes.values()
        biases = [gaussian_vector(j, source) for j, _ in shapes]
        weights = [first_weights(each, j, k, source) for each, (j, k) in zip(inits, shapes)]
        self._build(plan, cost, biases, weights)

    def _build(
        self, plan: Plan, cost: Cost, biases: Sequence[Vector], weights: Sequence[Matrix]
    ) -> None:
        """Set the plan, and numbers that fit it: one entry for each layer that learns."""
        require_fit(plan, cost)
        self._plan, self._cost, self._matched = plan, cost, cost.of(plan.output_function)
        self._take(biases, weights)

    @abstractmethod
    def _take(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> None:
        """Build the layers of the plan with copies of these numbers."""

    @classmethod
    def from_parameters(
        cls: type[Self],
        biases: Iterable[Iterable[float]],
        weights: Iterable[Iterable[Iterable[float]]],
        activation: Union[str, Activation] = SIGMOID,
        *,
        layers: Optional[Sequence[Described]] = None,
        cost: Union[str, Cost] = QUADRATIC,
    ) -> Self:
        """Return a network with these parameters: an entry in each list per layer that learns.

        Without ``layers`` every layer is dense.

        >>> from tinynn import Network
        >>> net = Network.from_parameters(biases=[[3]], weights=[[[-2, -2]]])
        >>> net.feedforward([1, 0.5])
        Vector([0.5])
        """
        biases = require_row("biases", biases, "[[3.0]]", "rows of numbers")
        weights = require_row("weights", weights, "[[[-2.0, -2.0]]]", "matrices")
        vectors = [Vector(vector) for vector in biases]
        matrices = [Matrix(matrix) for matrix in weights]
        if len(vectors) != len(matrices) or not (vectors or layers):
            given = f"{len(vectors)} and {len(matrices)}"
            raise ShapeError(f"biases and weights: expected one of each per layer, got {given}")
        if layers is None:
            layers = [matrices[0].shape[1], *map(len, vectors)]
        plan = Plan(layers, activation)
        require_numbers(plan, vectors, matrices)
        network = cls.__new__(cls)
        network._build(plan, cost_named(cost), vectors, matrices)
        return network

    def _with(self: Self, plan: Plan, biases: Iterable[Vector], weights: Iterable[Matrix]) -> Self:
        """Return a network of this kind with another plan or other numbers."""
        network = type(self).__new__(type(self))
        network._dtype = self._dtype
        network._build(plan, self._cost, list(biases), list(weights))
        return network

    # Its layers and numbers.

    @property
    def layers(self) -> list[Described]:
        """The input shape and the layer descriptions, in the form that the constructor takes."""
        return self._plan.layers

    @property
    def plan(self) -> Plan:
        """The network's structure without its numbers: the layers and their shapes."""
        return self._plan

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input layer first."""
        return self._plan.sizes

    @property
    def num_layers(self) -> int:
        """L, the number of layers, counting the input layer."""
        return len(self._plan.sizes)

    @property
    def learning(self) -> tuple[int, ...]:
        """The layers l that have weights and biases: ``biases[i]`` is b^l, l = ``learning[i]``."""
        return self._plan.learning

    @property
    def cost(self) -> Cost:
        """The cost of one example."""
        return self._cost

    @property
    def activation(self) -> Activation:
        """The activation function of every neuron. Raises ArgumentError where layers differ."""
        functions = self._functions()
        if len(functions) != 1:
            names = ", ".join(each.name for each in functions) or "none"
            raise ArgumentError(
                f"activation: the layers have {names}: ask for net.layer(l).description"
            )
        return functions[0]

    def _functions(self) -> list[Activation]:
        found = (getattr(each, "activation", None) for each in self._plan.descriptions)
        return list(dict.fromkeys(each for each in found if each is not None))

    @abstractmethod
    def layer(self, l: int) -> Any:
        """Return layer l = 2 … L. Layer 1 is the input, as in the book."""

    def _require_layer(self, l: object) -> None:
        if not isinstance(l, Integral) or l not in range(2, self.num_layers + 1):
            expected = f"expected 2 to {self.num_layers}, got {describe(l)}"
            raise ArgumentError(f"layer: {expected}: write network.layer(2) for the first")

    @property
    @abstractmethod
    def biases(self) -> tuple[Any, ...]:
        """The biases of each layer that learns, the first such layer first."""

    @property
    @abstractmethod
    def weights(self) -> tuple[Any, ...]:
        """The weights of each layer that learns, the first such layer first."""

    def parameter_count(self) -> int:
        """Return the number of weights and biases."""
        return sum(j * (k + 1) for j, k in self._plan.weight_shapes.values())

    def copy(self: Self) -> Self:
        """Return an independent copy of the network."""
        return self._with(self._plan, *self._numbers())

    __copy__ = copy

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to rebuild it in another process: from its numbers, as from a file."""
        saved = Saved(self._plan, self._cost, self._dtype, *self._numbers())
        return type(self)._of_file, (saved,)

    def scaled(self: Self, c: float) -> Self:
        """Return a network with every weight and bias multiplied by c."""
        biases, weights = self._numbers()
        return self._with(self._plan, [c * b for b in biases], [c * w for w in weights])

    def with_activation(self: Self, activation: Union[str, Activation]) -> Self:
        """Return a network with the same numbers and another activation function."""
        function = activation_named(activation)
        changed = [each.with_activation(function) for each in self._plan.descriptions]
        return self._with(Plan([self._plan.input, *changed]), *self._numbers())

    def as_sigmoid(self: Self) -> Self:
        """Return an equivalent network with sigmoid neurons in place of tanh neurons, by (111).

        Replaced hidden neurons leave the outputs unchanged. A replaced output neuron outputs
        (1 + a)/2 instead of a: 0 for -1, 1/2 for 0. Raises ArgumentError unless all layers are
        dense.

        >>> from tinynn import Network
        >>> net = Network([2, 3, 2], seed=0, activation="tanh")
        >>> a = net.feedforward([1, 0.5])
        >>> abs(net.as_sigmoid().feedforward([1, 0.5])[0] - (1 + a[0]) / 2) < 1e-15
        True
        """
        return self._exchanged(TANH, SIGMOID, 2.0)

    def as_tanh(self: Self) -> Self:
        """Return an equivalent network with tanh neurons in place of sigmoid neurons, by (111).

        It is the inverse of ``as_sigmoid``. Output neurons that the cost requires stay.
        """
        return self._exchanged(SIGMOID, TANH, 0.5)

    def _exchanged(self: Self, old: Activation, new: Activation, factor: float) -> Self:
        """Return an equivalent network with the activation function ``new`` in place of ``old``.

        ``factor`` is the factor by which z grows in the layers that change. Output neurons that
        the cost requires stay.
        """
        for l, description in enumerate(self._plan.descriptions, start=2):
            if not isinstance(description, Dense):
                expected = f"expected dense layers, got {description} as layer {l}"
                raise ArgumentError(f"as_{new.name}: {expected}: write Dense(30)")
        descriptions: list[Described] = []
        numbers = []
        before = 1.0
        for description, b, w in zip(self._plan.descriptions, *self._numbers()):
            is_last = len(descriptions) == len(self._plan.descriptions) - 1
            changes = getattr(description, "activation", None) == old
            own = factor if changes and not (is_last and self._cost.may_be_infinite) else 1.0
            numbers.append(rescaled(w, b, before, own))
            descriptions.append(description if own == 1.0 else description.with_activation(new))
            before = own
        plan = Plan([self._plan.input, *descriptions])
        return self._with(plan, [b for _, b in numbers], [w for w, _ in numbers])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(other) is not type(self):
            return NotImplemented
        same = (self._plan, self._cost) == (other._plan, other._cost)
        return same and self._same_numbers(other)

    __hash__ = None  # type: ignore[assignment]  # it learns

    @abstractmethod
    def _same_numbers(self, other: Any) -> bool:
        """Return whether a network of the same engine and plan has the same numbers."""

    def _title(self, engine: str = "", kind: str = "") -> str:
        sizes = "-".join("×".join(map(str, shape)) for shape in self._plan.shapes)
        names = " and ".join(each.name for each in self._functions()) or "no"
        facts = f"{names} neurons, {self._cost.name} cost{kind}"
        return f"<{engine}Network {sizes}: {self.parameter_count():,} weights and biases, {facts}>"

    def __repr__(self) -> str:
        return self._title()

    def _repr_html_(self) -> str:
        shapes = ["×".join(map(str, shape)) for shape in self._plan.shapes]
        rows: list[list[object]] = [[1, "input", shapes[0], "", 0]]
        for l, description in enumerate(self._plan.descriptions, start=2):
            J, K = self._plan.weight_shapes.get(l, (0, 0))
            weights = f"{J}×{K} and {J}" if J else ""
            rows.append([l, repr(description), shapes[l - 1], weights, J * K + J])
        rows.append(["", "all", "", "", self.parameter_count()])
        heading = "layer", "", "shape", "weights and biases", "parameters"
        return titled(repr(self), table(rows, heading))

    def show(self, x: Any, y: Optional[Any] = None) -> Shown:
        """Return input x inside this network, z and a of every neuron: a text, and a page.

        The prompt and ``print`` show the text, a notebook the page. With the desired output y,
        or for an example (x, y), the answer is judged. Raises ShapeError or DataError.

        >>> from tinynn import Network
        >>> net = Network.from_parameters(biases=[[3]], weights=[[[-2, -2]]])
        >>> net.show([1, 0.5])
        x = (1, 0.5)
        <BLANKLINE>
        a^2_1    0.5000 ████████████             z^2_1 = 0.0000
        <BLANKLINE>
        The network says 1 (0.50).
        """
        if y is None and isinstance(x, tuple) and len(x) == 2 and isinstance(x[0], Vector):
            x, y = x
        sizes = self.sizes
        x = as_vector("x", x, sizes[0])
        label = None if y is None else self.answer_of(as_vector("y", y, sizes[-1]))
        passed = self.forward(x)
        layers = [
            (l, [(float(z), float(a)) for z, a in zip(passed[l].z, passed[l].a)])
            for l in range(2, len(sizes) + 1)
        ]
        return Shown(x.to_list(), layers, self.answer_of(passed[len(sizes)].a), label)

    # Its outputs and answers.

    @abstractmethod
    def feedforward(self, x: Any) -> Any:
        """Return the output a^L for input x."""

    def predict(self, x: Any) -> int:
        """Return the network's answer for x: the index of its strongest output.

        A network with one output neuron answers 1 if its output is at least 1/2, else 0.
        """
        return self.answer_of(self.feedforward(x))

    @staticmethod
    def answer_of(outputs: Any) -> int:
        """Return the answer that an output, or a desired output y, represents."""
        if not hasattr(outputs, "argmax") or not len(outputs):
            expected = f"expected the outputs of a network, got {describe(outputs)}"
            raise DataError(f"outputs: {expected}: write network.feedforward(x)")
        if len(outputs) == 1:
            return int(outputs[0] >= 0.5)
        return int(outputs.argmax())

    def measure(
        self, examples: Sequence[Example], lmbda: float = 0.0, n: int = 0, penalty: str = "L2"
    ) -> Score:
        """Return the number of right answers, the number of examples and the cost (6).

        With λ the cost includes the penalty, (87), or (95) for "L1". λ is divided by ``n``, the
        size of the training set; 0 means the number of these examples.
        """
        require_at_least_0("lmbda", lmbda)
        penalty_named(penalty)
        require_count("n", n, 0)
        prepared = self._prepare("examples", examples)
        self._require_numbers()
        return self._penalised(self._score(prepared), lmbda, n or len(prepared), penalty)

    def evaluate(self, examples: Sequence[Example]) -> int:
        """Return the number of examples that the network answers correctly."""
        return self.measure(examples).correct

    def total_cost(
        self, examples: Sequence[Example], lmbda: float = 0.0, n: int = 0, penalty: str = "L2"
    ) -> float:
        """Return the cost C of these examples, equation (6); with λ it includes the penalty."""
        return self.measure(examples, lmbda, n, penalty).cost

    @abstractmethod
    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return the confusion matrix of these examples, and each output's largest activation."""

    # Training: the engine's part, then the public methods.

    def thinned(
        self: Self, rng: Optional[RandomSource] = None, *, seed: Optional[int] = None
    ) -> Self:
        """Return this network with newly drawn dropout masks, for one mini-batch.

        It shares all weights and biases with this network, so a step changes both. Copies of it
        and files have all neurons.

        >>> from tinynn import Dropout, Network
        >>> net = Network([2, 4, Dropout(0.5), 1], seed=0)
        >>> net.thinned(seed=0).layer(3).mask, net.layer(3).mask
        (Vector([1.0, 1.0, 0.0, 0.0]), Vector([0.5, 0.5, 0.5, 0.5]))
        """
        return self._masked(Masks(self._plan.dropout, random_source(seed, rng)).draw())

    @abstractmethod
    def _masked(self: Self, masks: Mapping[int, Sequence[float]]) -> Self:
        """Return this network with these dropout masks; both share all numbers."""

    def momentum(self, mu: float, nesterov: bool = False) -> Momentum:
        """Return a momentum with the coefficient μ and velocities of 0. Steps update them.

        With ``nesterov`` the gradient is taken at w + μ v.
        """
        return Momentum(mu, nesterov, self._at_rest(), (type(self), self._plan))

    def _require_own(self, momentum: Momentum) -> None:
        """Raise ArgumentError unless the momentum comes from a network of this plan and engine."""
        require_kind("momentum", momentum, Momentum, "network.momentum(0.9)")
        if momentum.owner != (type(self), self._plan):
            expected = "expected the momentum of this network, got that of another"
            raise ArgumentError(f"momentum: {expected}: write network.momentum(0.9)")

    @abstractmethod
    def _at_rest(self) -> Any:
        """Return a velocity of 0 for each weight and bias, in the form of a snapshot."""

    def _require_numbers(self) -> None:
        """Raise DataError unless all weights and biases are finite: others give no answers."""
        if not self.is_finite():
            raise DataError("network: expected finite weights and biases, got inf or nan")

    @abstractmethod
    def _each_output(self, prepared: Any) -> Iterator[tuple[list[float], list[float]]]:
        """Yield the outputs and the desired outputs of each example."""

    def _penalised(self, score: Score, lmbda: float, n: int, penalty: str) -> Score:
        """Return the score with the penalty added to its cost: (87) or (95)."""
        if lmbda == 0.0:
            return score
        return score._replace(cost=self._penalised_cost(score.cost, lmbda, n, penalty))

    @abstractmethod
    def _penalised_cost(self, cost: float, lmbda: float, n: int, penalty: str) -> float:
        """Return the cost plus the penalty on all weights."""

    def train(
        self,
        training_data: Sequence[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        lmbda: float = 0.0,
        penalty: str = "L2",
        *,
        mu: float = 0.0,
        nesterov: bool = False,
        test_data: Optional[Sequence[Example]] = None,
        validation_data: Optional[Sequence[Example]] = None,
        measure_training: bool = False,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        order: Optional[list[int]] = None,
        on_mini_batch: Optional[OnMiniBatch] = None,
    ) -> Run:
        """Return a run of stochastic gradient descent. Iterating it trains, one report per epoch.

        ``lmbda`` is λ, the strength of the ``penalty`` "L2" or "L1" on all weights; it is divided
        by the size of the training data, and 0 means no penalty. ``mu`` is the momentum
        coefficient μ, 0 for none; ``nesterov`` chooses Nesterov's variant.
        A report has the scores on ``test_data`` and ``validation_data`` and, with
        ``measure_training``, on the training data: right answers, and the cost with its penalty.

        The call checks its arguments. Training starts when you ask for the reports, one by one,
        or all at once with ``finish()``. The order of the examples is one list of indices,
        shuffled again in every epoch; your data never changes. ``seed`` or ``rng`` fixes the
        shuffles. Without ``order`` the list starts in file order. With it, the run shuffles your
        list in place: 2 epochs and 2 more with one ``rng`` and one ``order`` equal 4 epochs, to
        the last bit. Mini-batch size 1 is online learning, n is batch gradient descent.
        ``on_mini_batch`` is called with a Progress after every mini-batch (in the fast engine,
        after a few hundred examples).

        Raises DivergenceError, in place of a report, once a weight leaves the range of floats.

        >>> from tinynn import Network, Vector
        >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
        >>> net = Network([2, 2, 1], seed=4)
        >>> for epoch in net.train(xor, 1000, 4, 9.0, test_data=xor, seed=0):
        ...     pass
        >>> print(epoch, "right")
        Epoch 999: 4 / 4 right
        """
        how = epochs, mini_batch_size, eta, lmbda, penalty, mu, nesterov
        settings = Settings(*how).checked()
        self._require_numbers()
        generator = random_source(seed, rng)
        return Run(
            self,
            settings,
            training_data,
            test_data,
            generator,
            order,
            on_mini_batch,
            validation_data=validation_data,
            measure_training=measure_training,
        )

    @classmethod
    def resume(
        cls,
        path: FilePath,
        data: Any,
        *,
        test_data: Optional[Sequence[Example]] = None,
        validation_data: Optional[Sequence[Example]] = None,
        epochs: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        on_mini_batch: Optional[OnMiniBatch] = None,
    ) -> Run:
        """Return a run that ``run.save`` wrote. It continues after its last report, bit for bit.

        ``data`` is the training data, or a data set that contains it. Pass ``test_data`` and
        ``validation_data`` if the run used them and ``data`` does not contain them. ``epochs`` is
        the total number of epochs, by default that of the saved run. For a generator other than
        ``random.Random`` or ``BookRandom``, pass a generator of the same kind as ``rng``; its
        state is restored.

        Raises DataError for a file without a run and for data that is not the run's;
        ArgumentError; OSError if the file cannot be read.
        """
        saved = read_network(path)
        if saved.run is None:
            raise DataError(f"{path} contains a network but no run: read it with load()")
        try:
            checkpoint = read_checkpoint(saved.run)
            cls._require_engine(saved.run)
            if checkpoint.velocity is not None:
                require_numbers(saved.plan, *checkpoint.velocity)
            given = {"test": test_data, "validation": validation_data}
            found = {
                name: find_data(f"{name} data", wanted, data, given.get(name))
                for name, wanted in checkpoint.data.items()
            }
        except TinyNNError as error:
            raise DataError(f"{path}: {error}") from None
        for name, examples in given.items():
            if examples is not None and name not in found:
                expected = f"this run uses none, got {describe(examples)}"
                raise ArgumentError(f"{name}_data: {expected}: leave it out")
        settings = checkpoint.settings
        if epochs is not None:
            settings = settings._replace(epochs=epochs).checked()
        generator = restored_generator(checkpoint, rng)
        network = cls._of_file(saved)
        momentum = None
        if checkpoint.velocity is not None:
            momentum = network.momentum(settings.mu, settings.nesterov)
            momentum.velocity = network._velocity(*checkpoint.velocity)
        parts = generator, checkpoint.order, on_mini_batch, checkpoint.reports
        others = found.get("validation"), checkpoint.measures_training, momentum
        run = Run(network, settings, found["training"], found.get("test"), *parts, *others)
        run.eta = checkpoint.eta
        return run

    def SGD(
        self,
        training_data: Sequence[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Optional[Sequence[Example]] = None,
        *,
        lmbda: float = 0.0,
        penalty: str = "L2",
        mu: float = 0.0,
        nesterov: bool = False,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
    ) -> None:
        """Train like the book's program, and print its lines. No other method prints."""
        settings = epochs, mini_batch_size, eta, lmbda, penalty
        run = self.train(
            training_data,
            *settings,
            mu=mu,
            nesterov=nesterov,
            test_data=test_data,
            seed=seed,
            rng=rng,
        )
        for report in run:
            sys.stdout.write(f"{report}\n")

    # Files.

    def save(self, path: FilePath) -> None:
        """Write the network to a JSON file, completely or not at all. The numbers are exact.

        Raises OSError if the file cannot be written, DataError if a weight is not finite.
        """
        write_network(path, Saved(self._plan, self._cost, self._dtype, *self._numbers()))

    @classmethod
    def load(cls: type[Self], path: FilePath) -> Self:
        """Read a network that ``save`` wrote, in either engine.

        Raises DataError that describes what is wrong and where, OSError if the file cannot be
        read.
        """
        return cls._of_file(read_network(path))

    @classmethod
    def _of_file(cls: type[Self], saved: Saved) -> Self:
        network = cls.__new__(cls)
        network._build(saved.plan, saved.cost, saved.biases, saved.weights)
        return network

    _engine: Mapping[str, object]  # must match for a resumed run to get the same bits

    @classmethod
    def _require_engine(cls, run: Mapping[str, object]) -> None:
        """Raise DataError unless this engine trained the run. Warn about other differences."""
        for name, ours in cls._engine.items():
            theirs = run.get(name)
            if theirs == ours:
                continue
            if name == "engine":
                raise DataError(f"this run was trained by {describe(theirs)}, not by {ours!r}")
            warnings.warn(
                f"{name}: {ours} now, {describe(theirs)} when the run was saved: "
                "its last bits may differ",
                stacklevel=3,
            )

    @abstractmethod
    def _numbers(self, snapshot: Any = None) -> tuple[list[Vector], list[Matrix]]:
        """Return the current biases and weights, or a snapshot's, as Vectors and Matrices."""

    @abstractmethod
    def _velocity(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> Any:
        """Return velocities in the form of a snapshot."""

    def _write(self, path: FilePath, snapshot: Any, checkpoint: Checkpoint) -> None:
        saved = Saved(self._plan, self._cost, self._dtype, *self._numbers(snapshot))
        if checkpoint.velocity is not None:
            checkpoint = checkpoint._replace(velocity=self._numbers(checkpoint.velocity))
        write_network(path, saved._replace(run={**self._engine, **checkpoint.as_json()}))


def require_numbers(plan: Plan, biases: Sequence[Vector], weights: Sequence[Matrix]) -> None:
    """Raise ShapeError unless each layer that learns has a Vector and a Matrix that fit."""
    shapes = plan.weight_shapes
    if len(biases) != len(shapes):
        given = f"{len(biases)} and {len(weights)}"
        expected = f"expected one of each for the {len(shapes)} layers that learn"
        raise ShapeError(f"biases and weights: {expected}, got {given}")
    for (l, (rows, columns)), b, w in zip(shapes.items(), biases, weights):
        if w.shape[1] != columns:
            given = f"weights for {w.shape[1]} inputs after a layer of {columns}"
            raise ShapeError(f"weights: expected layers that fit, got {given}")
        if (w.shape[0], len(b)) != (rows, rows):
            given = f"{w.shape[0]}×{w.shape[1]} weights and {len(b)} biases"
            raise ShapeError(f"layer {l}: expected {rows}×{columns} and {rows}, got {given}")
