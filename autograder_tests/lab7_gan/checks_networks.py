"""Hidden checks of lab 7: networks, samples and ways between them.

What a module says of itself proves nothing: every forward pass is recomputed here from its weights.
"""

from typing import Any

import numpy as np
from oracle_lab7 import (
    LEAKY,
    RELU,
    draw_net,
    f32,
    make_generator,
    output,
    read_net,
    sigmoid,
    write_net,
)

from grader.testing import (
    Submission,
    Tensor,
    assert_close,
    assert_equal,
    assert_statistic,
    assert_that,
)

# A forward pass in float32: the worst correct one is off by 1e-6 of the largest value.
FLOAT32 = {"dtype": "floating", "rtol": 1e-3, "atol": 1e-4}


def ask(submission: Submission, model: Any, x: np.ndarray) -> np.ndarray:
    """Send a batch through a module."""
    return np.asarray(submission.ask(model, "__call__", Tensor(f32(x))))


def test_generator_forward(submission: Submission, rng: np.random.Generator) -> None:
    """Two ReLU layers and a linear one, or with a sigmoid after it; no example sees another.

    Catches mistakes: generator_always_bounded, generator_batch_statistics, generator_leaky,
    generator_no_second_relu, generator_relu_at_end, generator_tanh_hidden.
    """
    for latent, hidden, n_out, batch in [(3, 7, 5, 11), (2, 13, 3, 1)]:
        net = draw_net(rng, latent, hidden, hidden, n_out)
        for bounded in (False, True):
            what = f"build_generator({latent}, {n_out}, hidden={hidden}, bounded={bounded})"
            model = submission.build_generator(latent, n_out, hidden=hidden, bounded=bounded)
            noise = 2.0 * f32(rng.normal(size=(batch, latent)))
            made = output(
                read_net(submission, model, (latent, hidden, hidden, n_out), what=what), noise, RELU
            )
            hint = (
                "ReLU after the first and the second layer; after the third nothing, or a sigmoid."
            )
            expected = sigmoid(made) if bounded else made
            assert_close(ask(submission, model, noise), expected, what=what, hint=hint, **FLOAT32)
            write_net(submission, model, net)
            made = output(net, noise, RELU)
            expected = sigmoid(made) if bounded else made
            what += " with weights loaded"
            assert_close(ask(submission, model, noise), expected, what=what, hint=hint, **FLOAT32)
            alone = ask(submission, model, noise[:1])
            assert_close(
                alone,
                expected[:1],
                what=f"{what}, one example alone",
                hint="What comes out for one example must not depend on the rest of the batch.",
                **FLOAT32,
            )


def test_discriminator_forward(submission: Submission, rng: np.random.Generator) -> None:
    """Two leaky layers and a logit; the input is scaled, the weights are not.

    Catches mistakes: discriminator_batch_statistics, discriminator_default_slope,
    discriminator_gives_probabilities, discriminator_relu, discriminator_scale_after,
    discriminator_scale_divides, discriminator_scale_ignored, discriminator_scale_in_weights.
    """
    for n_in, hidden, scale, batch in [(3, 7, 1.0, 11), (5, 11, 3.0, 7), (2, 5, 0.5, 1)]:
        what = f"build_discriminator({n_in}, hidden={hidden}, scale={scale:g})"
        model = submission.build_discriminator(n_in, hidden=hidden, scale=scale)
        net = draw_net(rng, n_in, hidden, hidden, 1)
        x = 2.0 * f32(rng.normal(size=(batch, n_in)))
        own = read_net(submission, model, (n_in, hidden, hidden, 1), what=what)
        hint = (
            "LeakyReLU with slope 0.2 after two layers; the third gives a logit, not a probability."
        )
        assert_close(
            ask(submission, model, x),
            output(own, scale * x, LEAKY),
            what=what,
            hint=hint,
            **FLOAT32,
        )
        write_net(submission, model, net)
        what += " with weights loaded"
        expected = output(net, scale * x, LEAKY)
        assert_close(ask(submission, model, x), expected, what=what, hint=hint, **FLOAT32)
        assert_close(
            ask(submission, model, x[:1]),
            expected[:1],
            what=f"{what}, one example alone",
            hint="What comes out for one example must not depend on the rest of the batch.",
            **FLOAT32,
        )


def mirror(width: int, hidden: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights with which a generator gives back its noise: z = relu(z) - relu(-z)."""
    first, last = np.zeros((hidden, width)), np.zeros((width, hidden))
    for place in range(width):
        first[2 * place, place], first[2 * place + 1, place] = 1.0, -1.0
        last[place, 2 * place], last[place, 2 * place + 1] = 1.0, -1.0
    zeros = np.zeros(hidden)
    return [(first, zeros), (np.eye(hidden), zeros), (last, np.zeros(width))]


def test_sample_noise(submission: Submission, rng: np.random.Generator) -> None:
    """A generator that gives back its noise shows it: standard normal, new in every row.

    Catches mistakes: sample_half_noise, sample_noise_reused, sample_same_noise_in_columns,
    sample_truncated, sample_uniform_noise, sample_uniform_unit_variance.
    """
    n = 20_000
    generator = make_generator(submission, mirror(3, 7))
    seeds = [int(seed) for seed in rng.choice(2**31, size=2, replace=False)]
    both = [submission.sample(generator, n, seed) for seed in seeds]
    what = "the noise of sample(generator, 20000, seed)"
    for noise in both:
        assert_equal(noise.shape, (n, 3), what=f"shape of {what}")
    if any(noise.shape != (n, 3) or noise.dtype.kind != "f" for noise in both):
        return
    one, two = (noise.astype(np.float64) for noise in both)
    rows = len(np.unique(one, axis=0))
    # Two of 20,000 rows of three float32 agree with a probability far below 1e-9.
    assert_that(
        rows == n,
        f"{what} comes back: some rows are used twice.",
        shows=rows,
        hint="Every example needs noise of its own.",
    )
    assert_normal(one, what=what)
    assert_independent(one, two, what=what)


def assert_normal(noise: np.ndarray, *, what: str) -> None:
    """Every column of noise (n, width) has the moments 0, 1 and 3 of a standard normal."""
    n = len(noise)
    hint = "torch.randn gives numbers with mean 0 and variance 1."
    for column in noise.T:
        assert_statistic(
            column.mean(), 0.0, standard_error=n**-0.5, what=f"mean of {what}", hint=hint
        )
        assert_statistic(
            (column**2).mean(),
            1.0,
            standard_error=(2.0 / n) ** 0.5,
            what=f"variance of {what}",
            hint=hint,
        )
        # E z^4 = 3 with variance E z^8 - 9 = 96; the false-fail rate has room for its long tail.
        assert_statistic(
            (column**4).mean(),
            3.0,
            standard_error=1.5 * (96.0 / n) ** 0.5,
            what=f"fourth moment of {what}",
            hint="Normal noise has far values; uniform has none.",
        )


def assert_independent(one: np.ndarray, two: np.ndarray, *, what: str) -> None:
    """No number of the noise of one seed says anything of another, or of that of another seed."""
    pairs = {
        "two columns": (one[:, 0], one[:, 1]),
        "the first and the last column": (one[:, 0], one[:, 2]),
        "one row and the next": (one[:-1, 0], one[1:, 0]),
        "two seeds": (one[:, 1], two[:, 1]),
    }
    for name, (left, right) in pairs.items():
        assert_statistic(
            (left * right).mean(),
            0.0,
            standard_error=len(left) ** -0.5,
            what=f"correlation between {name} of {what}",
            hint="Every number of the noise is drawn for itself.",
        )


def test_interpolation_latent(submission: Submission, rng: np.random.Generator) -> None:
    """Straight in the latent space, at equal distances, and through the generator.

    Catches mistakes: interpolate_outputs, interpolate_spherical.
    """
    for n in (2, 3, 7):
        net = draw_net(rng, 3, 7, 7, 5)
        z0, z1 = 2.0 * f32(rng.normal(size=(2, 3)))
        generator = make_generator(submission, net)
        share = np.linspace(0.0, 1.0, n)[:, None]
        assert_close(
            submission.interpolate(generator, Tensor(z0), Tensor(z1), n),
            output(net, (1.0 - share) * z0 + share * z1, RELU),
            what=f"interpolate(generator, z0, z1, {n})",
            hint="First the points between z0 and z1, then the generator.",
            **FLOAT32,
        )
