"""Public checks of lab 7. One function per rubric line, named test_<check id>."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Submission,
    Tensor,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_that,
    show_curves,
)

Array = NDArray[np.float64]
Net = list[tuple[Array, Array]]  # (weights, bias) of each layer, as nn.Linear lays them out

LN_2, LN_3 = np.log(2.0), np.log(3.0)
# float32 has 7 digits; the cases below are small whole numbers, logs of them, and their products.
FLOAT32 = {"dtype": "floating", "rtol": 1e-4, "atol": 1e-5}


def column(*numbers: float) -> Tensor:
    """A batch of examples of one number each."""
    return Tensor(np.array(numbers, dtype=np.float32)[:, None])


def arrays_of(submission: Submission, model: Any) -> dict[str, NDArray[np.float32]]:
    """Read a module's arrays by name."""
    state = submission.ask(model, "state_dict")
    known = state.items() if isinstance(state, Mapping) else ()
    return {name: array for name, array in known if isinstance(array, np.ndarray)}


def read_net(submission: Submission, model: Any, *sizes: int) -> Net:
    """Read the three layers of a network, whatever they are called; zeros for wrong shapes."""
    arrays = list(arrays_of(submission, model).values())
    weights = [array for array in arrays if array.ndim == 2]
    biases = [array for array in arrays if array.ndim == 1]
    pairs = list(itertools.pairwise(sizes))
    shapes = [array.shape for array in (*weights, *biases)]
    if shapes != [(b, a) for a, b in pairs] + [(b,) for _, b in pairs]:
        return [(np.zeros((b, a)), np.zeros(b)) for a, b in pairs]
    both = zip(weights, biases, strict=True)
    return [(weight.astype(float), bias.astype(float)) for weight, bias in both]


def write_net(submission: Submission, model: Any, *numbers: float) -> None:
    """Give a network with one unit in each layer these three weights and three biases."""
    arrays = arrays_of(submission, model)
    weights = [name for name, array in arrays.items() if array.ndim == 2]
    biases = [name for name, array in arrays.items() if array.ndim == 1]
    for name, number in zip([*weights, *biases], numbers, strict=False):
        arrays[name] = np.full_like(arrays[name], number)
    sent = {name: Tensor(array) for name, array in arrays.items()}
    submission.ask(model, "load_state_dict", sent)


def numbers_of(submission: Submission, model: Any) -> Array:
    """Read the three weights and three biases of a network with one unit in each layer."""
    net = read_net(submission, model, 1, 1, 1, 1)
    return np.array([pair[part].ravel()[0] for part in (0, 1) for pair in net])


# Formulas


def test_value_worked(submission: Submission) -> None:
    """At p = q the best discriminator is a coin, and V is -log 4.

    Catches mistakes: optimal_discriminator_hard, optimal_discriminator_other,
    optimal_discriminator_ratio, value_halved, value_log2, value_not_one_minus,
    value_one_length, value_one_mean, value_sign, value_sums.
    """
    assert_close(
        submission.optimal_discriminator(
            np.array([0.5, 0.3, 0.0, 0.2]), np.array([0.5, 0.1, 0.4, 0.0])
        ),
        np.array([0.5, 0.75, 0.0, 1.0]),
        what="optimal_discriminator([0.5, 0.3, 0, 0.2], [0.5, 0.1, 0.4, 0])",
        hint="Of all examples that turn up at a point, which share is real?",
    )
    assert_close(
        submission.value(np.array([0.5, 0.5]), np.array([0.5, 0.5, 0.5])),
        -np.log(4.0),
        what="value([0.5, 0.5], [0.5, 0.5, 0.5])",
        hint="log 1/2 from the real examples and log 1/2 from the fakes.",
    )
    assert_close(
        submission.value(np.array([0.9, 0.4]), np.array([0.2])),
        0.5 * np.log(0.9 * 0.4) + np.log(0.8),
        what="value([0.9, 0.4], [0.2])",
        hint="Each of the two expectations is a mean over its own examples.",
    )
    assert_close(
        submission.value(np.array([1.0, 1.0]), np.array([0.0])),
        0.0,
        what="value([1, 1], [0])",
        hint="A discriminator that is always right reaches the largest V there is, log 1 + log 1.",
    )


def test_losses_worked(submission: Submission) -> None:
    """Logits ln 3 and -ln 3 are probabilities 3/4 and 1/4.

    Catches mistakes: discriminator_loss_halved, discriminator_loss_no_fakes,
    discriminator_loss_one_mean, discriminator_loss_sign, discriminator_loss_swapped,
    generator_as_fake, losses_sigmoid_twice, losses_summed, saturating_always,
    saturating_flag_ignored, saturating_sign, saturating_swapped.
    """
    assert_close(
        submission.discriminator_loss(column(LN_3, 0.0), column(-LN_3)),
        0.5 * np.log(8.0 / 3.0) + np.log(4.0 / 3.0),
        what="discriminator_loss([ln 3, 0], [-ln 3])",
        hint="Probabilities 3/4 and 1/2 for the real ones, 1/4 for the fake: -V of these.",
        **FLOAT32,
    )
    assert_close(
        submission.generator_loss(column(LN_3, 0.0)),
        0.5 * np.log(8.0 / 3.0),
        what="generator_loss([ln 3, 0])",
        hint="Minus the mean of log 3/4 and log 1/2.",
        **FLOAT32,
    )
    assert_close(
        submission.generator_loss(column(LN_3, 0.0), saturating=True),
        -1.5 * LN_2,
        what="generator_loss([ln 3, 0], saturating=True)",
        hint="The mean of log(1 - 3/4) and log(1 - 1/2): the generator's part of V, as it stands.",
        **FLOAT32,
    )


# Networks


def test_networks_shapes(submission: Submission, rng: np.random.Generator) -> None:
    """Parameters and outputs have the stated shapes.

    Catches mistakes: discriminator_batch_norm, discriminator_flat_output,
    discriminator_one_layer_less, discriminator_two_outputs, generator_not_bounded,
    generator_tanh_output, generator_without_bias.
    """
    hint = "Two hidden layers of the same width, a bias in every layer, nothing else."
    cases = [
        (submission.build_generator(2, 5, hidden=7), "build_generator(2, 5, hidden=7)", (2, 7, 5)),
        (submission.build_generator(2, 3), "build_generator(2, 3)", (2, 128, 3)),
        (
            submission.build_discriminator(5, hidden=7),
            "build_discriminator(5, hidden=7)",
            (5, 7, 1),
        ),
        (submission.build_discriminator(3), "build_discriminator(3)", (3, 128, 1)),
    ]
    for model, what, (n_in, hidden, n_out) in cases:
        arrays = arrays_of(submission, model).values()
        shapes = [array.shape for array in arrays if array.ndim]
        wanted = [(hidden, n_in), (hidden, hidden), (n_out, hidden), (hidden,), (hidden,), (n_out,)]
        assert_equal(
            sorted(shapes), sorted(wanted), what=f"shapes of the parameters of {what}", hint=hint
        )
        x = Tensor(rng.normal(size=(11, n_in)).astype(np.float32))
        out = np.asarray(submission.ask(model, "__call__", x))
        assert_equal(out.shape, (11, n_out), what=f"shape of {what} of a batch of 11")
    model = submission.build_generator(3, 5, hidden=7, bounded=True)
    x = Tensor(1e3 * rng.normal(size=(11, 3)).astype(np.float32))
    out = np.asarray(submission.ask(model, "__call__", x))
    what = "build_generator(3, 5, hidden=7, bounded=True)"
    assert_that(
        out.dtype.kind == "f" and np.all(out >= 0.0) and np.all(out <= 1.0),
        f"{what} gives values outside [0, 1].",
        shows=out,
        hint="Which function squashes any number into [0, 1]?",
    )


# Steps, with one unit in each layer: the discriminator passes positive numbers on as they are


def test_first_discriminator_step(submission: Submission) -> None:
    """Real ln 3 and fake ln 2 have probabilities 3/4 and 2/3.

    Catches mistakes: discriminator_step_ascends, discriminator_step_clips_gradients,
    discriminator_step_clips_weights, discriminator_step_ignores_fakes,
    discriminator_step_loss_after, discriminator_step_smoothed, discriminator_step_swapped,
    discriminator_step_trains_generator, discriminator_step_twice,
    discriminator_step_zero_grad_late, losses_without_graph, optimizer_always_adam.
    """
    generator = submission.build_generator(1, 1, hidden=1)
    discriminator = submission.build_discriminator(1, hidden=1)
    write_net(submission, generator, 0.0, 0.0, 0.0, 0.0, 0.0, LN_2)
    write_net(submission, discriminator, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)
    optimizer = submission.make_optimizer(discriminator, 0.25, "sgd")
    loss = submission.discriminator_step(
        generator, discriminator, optimizer, column(LN_3), column(-1.0)
    )
    what = "discriminator_step with D(x) = sigmoid(x), real ln 3, fake ln 2"
    assert_close(
        loss,
        np.log(4.0 / 3.0) + LN_3,
        what=f"{what}: loss",
        hint="-log 3/4 for the real example and -log(1 - 2/3) for the fake, before the step.",
        **FLOAT32,
    )
    # dloss/dlogit is D - 1 on the real example and D on the fake.
    slope = -0.25 * LN_3 + 2.0 / 3.0 * LN_2
    grads = np.array([slope, slope, slope, 5.0 / 12.0, 5.0 / 12.0, 5.0 / 12.0])
    assert_close(
        numbers_of(submission, discriminator),
        np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]) - 0.25 * grads,
        what=f"{what}, learning rate 1/4: weights and biases after it",
        hint="dloss/dlogit is -1/4 on the real example and 2/3 on the fake.",
        **{**FLOAT32, "dtype": "float64"},
    )
    assert_close(
        numbers_of(submission, generator),
        np.array([0.0, 0.0, 0.0, 0.0, 0.0, LN_2]),
        what=f"{what}: the generator's weights and biases after it",
        hint="In this step only the discriminator learns.",
        **{**FLOAT32, "dtype": "float64"},
    )


def test_first_generator_step(submission: Submission) -> None:
    """A fake at ln 2 has probability 2/3, and its logit rises with it.

    Catches mistakes: generator_step_ascends, generator_step_detached,
    generator_step_labels_fake, generator_step_loss_after, generator_step_no_graph,
    generator_step_raises_mean_logit, generator_step_saturating, generator_step_sums,
    generator_step_trains_discriminator.
    """
    generator = submission.build_generator(1, 1, hidden=1)
    discriminator = submission.build_discriminator(1, hidden=1)
    write_net(submission, generator, 0.0, 0.0, 0.0, 0.0, 0.0, LN_2)
    write_net(submission, discriminator, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0)
    optimizer = submission.make_optimizer(generator, 1.5, "sgd")
    loss = submission.generator_step(generator, discriminator, optimizer, column(-1.0, 2.0))
    what = "generator_step with D(x) = sigmoid(x), fakes ln 2"
    assert_close(
        loss,
        np.log(1.5),
        what=f"{what}: loss",
        hint="-log 2/3: the loss that does not saturate, before the step.",
        **FLOAT32,
    )
    assert_close(
        numbers_of(submission, generator),
        np.array([0.0, 0.0, 0.0, 0.0, 0.0, LN_2 + 0.5]),
        what=f"{what}, learning rate 3/2: weights and biases after it",
        hint="dloss/dlogit is -1/3, and the only way from the fakes back is the last bias.",
        **{**FLOAT32, "dtype": "float64"},
    )
    assert_close(
        numbers_of(submission, discriminator),
        np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
        what=f"{what}: the discriminator's weights and biases after it",
        hint="In this step only the generator learns.",
        **{**FLOAT32, "dtype": "float64"},
    )


# Using a generator


def test_sample_shape(submission: Submission) -> None:
    """The seed decides: the same for the same, others for another.

    Catches mistakes: sample_ignores_seed, sample_one_row.
    """
    generator = submission.build_generator(3, 5, hidden=7)
    first = submission.sample(generator, 11, 1)
    what = "sample(generator, 11, seed=1)"
    assert_equal(first.shape, (11, 5), what=f"shape of {what}")
    assert_equal(first.dtype.name, "float32", what=f"dtype of {what}")
    again, other = submission.sample(generator, 11, 1), submission.sample(generator, 11, 2)
    assert_that(
        np.array_equal(first, again),
        f"{what} gives other examples when it is called again.",
        hint="All noise comes from a torch.Generator made with that seed.",
    )
    assert_that(
        not np.array_equal(first, other),
        "sample(generator, 11, seed=2) gives what seed=1 gives.",
        hint="Does the seed reach the noise?",
    )
    rows = len(np.unique(first, axis=0)) if first.ndim == 2 else 0
    assert_equal(rows, 11, what=f"number of different examples in {what}")
    one = submission.sample(generator, 1, 1)
    assert_equal(one.shape, (1, 5), what="shape of sample(generator, 1, seed=1)")


def test_interpolation_ends(submission: Submission) -> None:
    """The first and the last point are what z0 and z1 give.

    Catches mistakes: interpolate_backwards, interpolate_inside_only, interpolate_no_end.
    """
    generator = submission.build_generator(2, 3, hidden=5)
    ends = np.array([[-2.0, 1.0], [1.0, 3.0]], dtype=np.float32)
    made = np.asarray(submission.ask(generator, "__call__", Tensor(ends)))
    what = "interpolate(generator, [-2, 1], [1, 3], 4)"
    path = submission.interpolate(generator, Tensor(ends[0]), Tensor(ends[1]), 4)
    assert_equal(path.shape, (4, 3), what=f"shape of {what}")
    hint = "torch.linspace includes both ends; 4 points make 3 steps."
    if path.shape == (4, 3) and made.shape == (2, 3):
        assert_close(path[0], made[0], what=f"{what}[0]", hint=hint, **FLOAT32)
        assert_close(path[-1], made[1], what=f"{what}[-1]", hint=hint, **FLOAT32)


# Training


PHASES = ((2e-2, 300), (5e-3, 200))  # learning rate and steps
# Mean losses of every 50 steps of the reference, over four seeds.
REFERENCE_D = (1.38, 1.39, 1.39, 1.39, 1.39, 1.39, 1.39, 1.39, 1.39, 1.39)
REFERENCE_G = (0.74, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69)


def test_gaussian_game(
    submission: Submission, rng: np.random.Generator, bars: Mapping[str, float]
) -> None:
    """Your steps, taken in turn, learn a normal distribution with mean 3 and deviation 0.5.

    The distance is the mean difference of sorted samples (Wasserstein-1), over the generators of
    the last 50 steps together.

    Catches mistakes: discriminator_stays_frozen, discriminator_step_no_zero_grad,
    generator_stays_frozen.
    """
    generator = submission.build_generator(1, 1, hidden=16)
    discriminator = submission.build_discriminator(1, hidden=16)
    losses: list[tuple[float, float]] = []
    made = []
    for learning_rate, steps in PHASES:
        players = [
            submission.make_optimizer(model, learning_rate) for model in (generator, discriminator)
        ]
        for _ in range(steps):
            real = 3.0 + 0.5 * rng.normal(size=(64, 1))
            noise = rng.normal(size=(2, 64, 1)).astype(np.float32)
            loss_d = submission.discriminator_step(
                generator, discriminator, players[1], column(*real[:, 0]), Tensor(noise[0])
            )
            loss_g = submission.generator_step(
                generator, discriminator, players[0], Tensor(noise[1])
            )
            losses.append((loss_d, loss_g))
            if len(losses) > sum(count for _, count in PHASES) - 50:
                net = read_net(submission, generator, 1, 16, 16, 1)
                made.append(output(net, rng.normal(size=(64, 1))))
    show_losses(losses)
    fakes = np.sort(np.concatenate(made), axis=None)
    target = np.sort(3.0 + 0.5 * rng.normal(size=fakes.size))
    assert_at_most(
        float(np.abs(fakes - target).mean()),
        bars["gaussian_distance"],
        what="distance between your fakes and the data",
        hint="Print both losses. Near the solution they are about log 4 and log 2.",
    )


def output(net: Net, x: Array) -> Array:
    """What a generator with ReLU units makes of noise (batch, latent)."""
    for place, (weights, bias) in enumerate(net):
        x = (np.maximum(x, 0.0) if place else x) @ weights.T + bias
    return x


def show_losses(losses: list[tuple[float, float]]) -> None:
    """Lay out both losses of every step, 50 together, beside the reference's."""
    curves = np.asarray(losses, dtype=np.float64).reshape(-1, 50, 2).mean(axis=1)
    show_curves(
        "Losses of both networks on one-dimensional data",
        {
            "discriminator": curves[:, 0],
            "generator": curves[:, 1],
            "reference, discriminator": REFERENCE_D,
            "reference, generator": REFERENCE_G,
        },
        x="50 steps of each",
        y="mean loss",
    )
