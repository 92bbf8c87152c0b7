"""Hidden checks of lab 7: steps of both players, against steps computed by hand in float64."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import oracle_lab7 as oracle
from oracle_lab7 import (
    ATOL,
    RTOL,
    Adam,
    Net,
    assert_moved,
    descend,
    draw_net,
    draw_until,
    f32,
    make_discriminator,
    make_generator,
    read_net,
    sizes_of,
)

from grader.testing import Submission, Tensor, assert_close, assert_equal

RATE = 0.5  # of plain gradient steps: large, so that rounding the weights costs nothing
Players = tuple[Net, Net]  # generator, discriminator
FLOAT32 = {"dtype": "floating", "rtol": RTOL, "atol": ATOL}


def draw_players(rng: np.random.Generator, latent: int, hidden: int, features: int) -> Players:
    """Draw both networks."""
    generator = draw_net(rng, latent, hidden, hidden, features)
    return generator, draw_net(rng, features, hidden + 2, hidden + 2, 1)


def moved_bias(net: Net, by: float) -> Net:
    """Add to the last bias."""
    weights, bias = net[-1]
    return [*net[:-1], (weights, bias + by)]


def read(submission: Submission, model: Any, like: Net, *, what: str) -> Net:
    """Read a network's weights."""
    return read_net(submission, model, sizes_of(like), what=what)


def assert_kept(got: Net, start: Net, *, what: str, hint: str) -> None:
    """Require all weights to be what they were, to the last bit."""
    changed = [
        place
        for place, (pair, old) in enumerate(zip(got, start, strict=True), 1)
        if not all(np.array_equal(a, b) for a, b in zip(pair, old, strict=True))
    ]
    assert_equal(changed, [], what=f"layers that {what} changes", hint=hint)


def test_discriminator_step_exact(submission: Submission, rng: np.random.Generator) -> None:
    """Loss and gradients of one plain step, with other numbers of real examples than of fakes.

    Catches mistakes: discriminator_default_slope, discriminator_loss_one_mean, discriminator_relu,
    discriminator_step_ascends, discriminator_step_clips_gradients,
    discriminator_step_clips_weights, discriminator_step_ignores_fakes,
    discriminator_step_loss_after, discriminator_step_mean_logit, discriminator_step_own_noise,
    discriminator_step_smoothed, discriminator_step_swapped, discriminator_step_trains_generator,
    discriminator_step_twice, discriminator_step_zero_grad_late, optimizer_always_adam.
    """
    for latent, hidden, features, n_real, n_fake in [(3, 5, 2, 7, 11), (2, 7, 5, 1, 3)]:

        def draw(
            sizes: tuple[int, int, int] = (latent, hidden, features),
            batches: tuple[int, int] = (n_real, n_fake),
        ) -> tuple[Any, float]:
            players = draw_players(rng, *sizes)
            real = f32(rng.normal(size=(batches[0], sizes[2])))
            noise = f32(rng.normal(size=(batches[1], sizes[0])))
            step = oracle.discriminator_step(*players, real, noise)
            return (players, real, noise, step), step.margin

        (net_g, net_d), real, noise, step = draw_until(draw)
        generator = make_generator(submission, net_g)
        discriminator = make_discriminator(submission, net_d)
        optimizer = submission.make_optimizer(discriminator, RATE, "sgd")
        loss = submission.discriminator_step(
            generator, discriminator, optimizer, Tensor(real), Tensor(noise)
        )
        what = "discriminator_step"
        hint = "The loss is computed once, from the weights before the step."
        assert_close(loss, step.loss, what=f"{what}: loss", hint=hint, **FLOAT32)
        assert_moved(
            read(submission, discriminator, net_d, what="the discriminator"),
            net_d,
            descend(net_d, step.grads, RATE),
            what=what,
            hint="Compare with the gradient of discriminator_loss, batch by batch.",
        )
        assert_kept(
            read(submission, generator, net_g, what="the generator"),
            net_g,
            what=f"{what} in the generator",
            hint="Whose parameters did the optimiser get?",
        )


def test_generator_step_exact(submission: Submission, rng: np.random.Generator) -> None:
    """Loss and gradients of one plain step, through the discriminator.

    Catches mistakes: discriminator_default_slope, discriminator_relu, generator_as_fake,
    generator_step_ascends, generator_step_detached, generator_step_labels_fake,
    generator_step_loss_after, generator_step_no_graph, generator_step_own_noise,
    generator_step_raises_mean_logit, generator_step_saturating, generator_step_sums,
    generator_step_trains_discriminator, saturating_always.
    """
    for latent, hidden, features, batch in [(3, 5, 2, 7), (2, 7, 5, 1)]:

        def draw(
            sizes: tuple[int, int, int] = (latent, hidden, features), batch: int = batch
        ) -> tuple[Any, float]:
            players = draw_players(rng, *sizes)
            noise = f32(rng.normal(size=(batch, sizes[0])))
            step = oracle.generator_step(*players, noise)
            return (players, noise, step), step.margin

        (net_g, net_d), noise, step = draw_until(draw)
        generator = make_generator(submission, net_g)
        discriminator = make_discriminator(submission, net_d)
        optimizer = submission.make_optimizer(generator, RATE, "sgd")
        loss = submission.generator_step(generator, discriminator, optimizer, Tensor(noise))
        what = "generator_step"
        hint = "The loss that does not saturate, computed from the weights before the step."
        assert_close(loss, step.loss, what=f"{what}: loss", hint=hint, **FLOAT32)
        assert_moved(
            read(submission, generator, net_g, what="the generator"),
            net_g,
            descend(net_g, step.grads, RATE),
            what=what,
            hint="The gradient of generator_loss comes back through the discriminator.",
        )
        assert_kept(
            read(submission, discriminator, net_d, what="the discriminator"),
            net_d,
            what=f"{what} in the discriminator",
            hint="Whose parameters did the optimiser get?",
        )


def test_confident_steps(submission: Submission, rng: np.random.Generator) -> None:
    """A discriminator that is certain still teaches: its logits are near -200, then near 200.

    Catches mistakes: discriminator_default_slope, discriminator_relu,
    discriminator_step_from_probabilities, generator_step_from_probabilities,
    generator_step_saturating.
    """
    hint = "In float32 sigmoid(-200) is 0, and neither its log nor the gradient of it survives."

    def draw() -> tuple[Any, float]:
        players = draw_players(rng, 3, 5, 2)
        real, noise = f32(rng.normal(size=(7, 2))), f32(rng.normal(size=(5, 3)))
        first = oracle.generator_step(players[0], moved_bias(players[1], -200.0), noise)
        second = oracle.discriminator_step(players[0], moved_bias(players[1], 200.0), real, noise)
        return (players, real, noise, first, second), min(first.margin, second.margin)

    (net_g, net_d), real, noise, first, second = draw_until(draw)
    generator = make_generator(submission, net_g)
    discriminator = make_discriminator(submission, moved_bias(net_d, -200.0))
    optimizer = submission.make_optimizer(generator, RATE, "sgd")
    loss = submission.generator_step(generator, discriminator, optimizer, Tensor(noise))
    what = "generator_step where the discriminator is certain"
    assert_close(loss, first.loss, what=f"{what}: loss", hint=hint, **FLOAT32)
    assert_moved(
        read(submission, generator, net_g, what="the generator"),
        net_g,
        descend(net_g, first.grads, RATE),
        what=what,
        hint=hint,
    )
    assert_takes_for_real(submission, (net_g, net_d), (real, noise), second, hint=hint)


def assert_takes_for_real(
    submission: Submission, nets: Players, batch: tuple[Any, Any], second: oracle.Step, *, hint: str
) -> None:
    """Judge the step of a discriminator whose logits are all near 200."""
    (net_g, net_d), (real, noise) = nets, batch
    generator = make_generator(submission, net_g)
    start = moved_bias(net_d, 200.0)
    discriminator = make_discriminator(submission, start)
    optimizer = submission.make_optimizer(discriminator, RATE, "sgd")
    loss = submission.discriminator_step(
        generator, discriminator, optimizer, Tensor(real), Tensor(noise)
    )
    what = "discriminator_step where it takes every fake for real"
    assert_close(loss, second.loss, what=f"{what}: loss", hint=hint, **FLOAT32)
    got = read(submission, discriminator, net_d, what="the discriminator")
    # The last bias is 200, where float32 is 1.5e-5 apart: it is left out.
    assert_moved(
        [*got[:-1], (got[-1][0], start[-1][1])],
        start,
        [
            *descend(start, second.grads, RATE)[:-1],
            (descend(start, second.grads, RATE)[-1][0], start[-1][1]),
        ],
        what=what,
        hint=hint,
    )


def play(
    nets: Players, turns: Sequence[tuple[Any, Any, Any]], rates: tuple[float, float]
) -> tuple[Players, list[tuple[float, float]], float]:
    """Play turns of discriminator and generator by plain steps; give nets, losses and margin."""
    net_g, net_d = nets
    losses, margins = [], []
    for real, noise_d, noise_g in turns:
        first = oracle.discriminator_step(net_g, net_d, real, noise_d)
        net_d = descend(net_d, first.grads, rates[1])
        second = oracle.generator_step(net_g, net_d, noise_g)
        net_g = descend(net_g, second.grads, rates[0])
        losses.append((first.loss, second.loss))
        margins += [first.margin, second.margin]
    return (net_g, net_d), losses, min(margins)


def test_alternating_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Three turns of each player: no gradient of an earlier step counts, nothing stays frozen.

    Catches mistakes: discriminator_default_slope, discriminator_relu, discriminator_stays_frozen,
    discriminator_step_no_zero_grad, generator_stays_frozen, generator_step_no_zero_grad,
    sgd_with_momentum.
    """

    def draw() -> tuple[Any, float]:
        nets = draw_players(rng, 3, 5, 2)
        turns = [(f32(rng.normal(size=(5, 2))), *f32(rng.normal(size=(2, 3, 3)))) for _ in range(3)]
        end, losses, distance = play(nets, turns, (0.25, RATE))
        return (nets, turns, end, losses), distance

    nets, turns, (end_g, end_d), losses = draw_until(draw)
    generator = make_generator(submission, nets[0])
    discriminator = make_discriminator(submission, nets[1])
    of_generator = submission.make_optimizer(generator, 0.25, "sgd")
    of_discriminator = submission.make_optimizer(discriminator, RATE, "sgd")
    hint = "Old gradients are set to zero in every step, and what a step switches off comes back."
    for place, ((real, noise_d, noise_g), (loss_d, loss_g)) in enumerate(
        zip(turns, losses, strict=True), 1
    ):
        got_d = submission.discriminator_step(
            generator, discriminator, of_discriminator, Tensor(real), Tensor(noise_d)
        )
        got_g = submission.generator_step(generator, discriminator, of_generator, Tensor(noise_g))
        what = f"turn {place} of 3: loss of"
        assert_close(got_d, loss_d, what=f"{what} discriminator_step", hint=hint, **FLOAT32)
        assert_close(got_g, loss_g, what=f"{what} generator_step", hint=hint, **FLOAT32)
    for model, start, end, name in [
        (discriminator, nets[1], end_d, "the discriminator"),
        (generator, nets[0], end_g, "the generator"),
    ]:
        got = read(submission, model, start, what=name)
        assert_moved(got, start, end, what=f"three turns of both, of which {name}", hint=hint)


def test_other_gradients(submission: Submission, rng: np.random.Generator) -> None:
    """A step leaves no gradients in the other network.

    Gradients do not travel, but their effect does: an optimiser of the other network, asked for a
    step, must find nothing to do.

    Catches mistakes: discriminator_step_no_detach, generator_step_leaves_gradients.
    """
    net_g, net_d = draw_players(rng, 3, 5, 2)
    real, noise = Tensor(f32(rng.normal(size=(7, 2)))), Tensor(f32(rng.normal(size=(5, 3))))

    generator = make_generator(submission, net_g)
    discriminator = make_discriminator(submission, net_d)
    trained = submission.make_optimizer(discriminator, RATE, "sgd")
    other = submission.make_optimizer(generator, RATE, "sgd")
    submission.discriminator_step(generator, discriminator, trained, real, noise)
    submission.ask(other, "step")
    assert_moved(
        read(submission, generator, net_g, what="the generator"),
        net_g,
        net_g,
        what="discriminator_step, then a step of the generator's optimiser",
        hint="The fakes are data for the discriminator: cut the graph between them and G.",
    )
    generator = make_generator(submission, net_g)
    discriminator = make_discriminator(submission, net_d)
    trained = submission.make_optimizer(generator, RATE, "sgd")
    other = submission.make_optimizer(discriminator, RATE, "sgd")
    submission.generator_step(generator, discriminator, trained, noise)
    submission.ask(other, "step")
    assert_moved(
        read(submission, discriminator, net_d, what="the discriminator"),
        net_d,
        net_d,
        what="generator_step, then a step of the discriminator's optimiser",
        hint="backward() fills every parameter on its way, also those that are not to be trained.",
    )


def draw_path(rng: np.random.Generator, name: str, count: int, rate: float) -> tuple[Any, float]:
    """Draw players and batches for some steps of the discriminator.

    Returns:
        Both networks, the batches, the discriminator after each step; and how near a kink, or a
        gradient near 0, comes.
    """
    net_g, net_d = draw_players(rng, 2, 3, 2)
    scales = [5.0, *(count - 1) * [1.0]]  # 5 times as far from 0 once, near it later
    turns = [
        (f32(scale * rng.normal(size=(5, 2))), f32(scale * rng.normal(size=(7, 2))))
        for scale in scales
    ]
    net, adam, distances, path = net_d, Adam(rate), [], []
    for real, noise in turns:
        step = oracle.discriminator_step(net_g, net, real, noise)
        net = adam.step(net, step.grads) if name == "adam" else descend(net, step.grads, rate)
        # Adam's first steps have the size of the learning rate however small a gradient: one
        # near 0 has no sign in float32.
        least = min(float(np.abs(g).min()) for pair in step.grads for g in pair)
        distances += [step.margin, least]
        path.append(net)
    return (net_g, net_d, turns, path), min(distances)


def test_optimizers(submission: Submission, rng: np.random.Generator) -> None:
    """Ten steps of Adam with beta1 = 0 and beta2 = 0.99; two plain steps, with no momentum.

    The first batch has large gradients, so that how fast they are forgotten shows later.

    Catches mistakes: adam_default_beta2, adam_default_betas, adam_half_momentum, adam_ignores_rate,
    adam_weight_decay, discriminator_default_slope, discriminator_relu, optimizer_always_sgd,
    optimizer_swaps_betas, rmsprop_for_adam, sgd_with_momentum.
    """
    for name, count, rate in [("sgd", 2, RATE), ("adam", 10, 0.02)]:
        draw = partial(draw_path, rng, name, count, rate)
        net_g, net_d, turns, path = draw_until(draw, least=3e-4)
        generator = make_generator(submission, net_g)
        discriminator = make_discriminator(submission, net_d)
        optimizer = submission.make_optimizer(discriminator, rate, name)
        what = f'make_optimizer(model, {rate:g}, "{name}")'
        start = net_d
        for place, ((real, noise), end) in enumerate(zip(turns, path, strict=True), 1):
            submission.discriminator_step(
                generator, discriminator, optimizer, Tensor(real), Tensor(noise)
            )
            if place in (1, count):
                got = read(submission, discriminator, net_d, what="the discriminator")
                assert_moved(
                    got,
                    start,
                    end,
                    what=f"{what}: {place} of its steps",
                    hint="Adam: beta1 = 0, beta2 = 0.99, eps = 1e-8. Plain steps: nothing else.",
                )
    discriminator = make_discriminator(submission, net_d)
    optimizer = submission.make_optimizer(discriminator, rate)
    real, noise = turns[0]
    submission.discriminator_step(generator, discriminator, optimizer, Tensor(real), Tensor(noise))
    got = read(submission, discriminator, net_d, what="the discriminator")
    assert_moved(got, net_d, path[0], what=f"make_optimizer(model, {rate:g}): the first step")
