"""Hidden checks of lab 7: the formulas. One function per rubric line, named test_<check id>."""

import numpy as np
from oracle_lab7 import f32, softplus

from grader.testing import Submission, Tensor, assert_close, assert_unchanged

# float32 logits of moderate size: the worst correct formula is off by 3e-7 of the largest.
FLOAT32 = {"dtype": "floating", "rtol": 1e-4, "atol": 1e-5}


def test_value_random(submission: Submission, rng: np.random.Generator) -> None:
    """Different numbers of real examples and fakes; densities of any size, also 0.

    Catches mistakes: optimal_discriminator_eps, optimal_discriminator_hard,
    optimal_discriminator_other, optimal_discriminator_ratio,
    optimal_discriminator_zero_by_zero, value_clipped, value_halved, value_not_one_minus,
    value_one_length, value_one_mean, value_sums.
    """
    for n_real, n_fake in [(7, 5), (1, 3), (11, 1), (5, 5)]:
        d_real, d_fake = rng.uniform(0.02, 0.98, size=n_real), rng.uniform(0.02, 0.98, size=n_fake)
        expected = np.log(d_real).sum() / n_real + np.log(1.0 - d_fake).sum() / n_fake
        assert_close(
            submission.value(d_real, d_fake),
            expected,
            what="value(d_real, d_fake)",
            hint="Each of the two expectations is a mean over its own examples.",
        )
    # 1 - 1e-9 is exact to 1e-16 in float64, so its log is right to 1e-7.
    assert_close(
        submission.value(np.array([1e-9, 1e-30]), np.array([0.5])),
        0.5 * np.log(1e-39) + np.log(0.5),
        what="value of very small probabilities",
        hint="A probability of 1e-30 has an ordinary logarithm.",
    )
    for shape in [(7,), (5, 3), (1,)]:
        p_data, p_generator = rng.uniform(size=(2, *shape)) ** 2
        assert_close(
            submission.optimal_discriminator(p_data, p_generator),
            1.0 / (1.0 + p_generator / p_data),
            what="optimal_discriminator(p_data, p_generator)",
        )
    p_data, p_generator = rng.uniform(1.0, 2.0, size=(2, 7))
    hint = "Only the ratio of the two densities counts: no small number belongs into it."
    for unit in (1e-12, 1e12):
        assert_close(
            submission.optimal_discriminator(unit * p_data, unit * p_generator),
            p_data / (p_data + p_generator),
            what=f"optimal_discriminator of densities near {unit:g}",
            hint=hint,
        )
    assert_close(
        submission.optimal_discriminator(np.array([0.0, 0.0, 2.0]), np.array([0.0, 3.0, 0.0])),
        np.array([0.5, 0.0, 1.0]),
        what="optimal_discriminator where a density is 0",
        hint="0 / 0 is nan. The statement says what D is where neither density puts anything.",
    )
    assert_unchanged(
        submission, "optimal_discriminator", p_data, p_generator, what="optimal_discriminator(p, q)"
    )


def test_losses_random(submission: Submission, rng: np.random.Generator) -> None:
    """Means over each batch, for both shapes of logits and both dtypes.

    Catches mistakes: discriminator_loss_halved, discriminator_loss_no_fakes,
    discriminator_loss_one_mean, discriminator_loss_sign, discriminator_loss_swapped,
    generator_as_fake, losses_sigmoid_twice, losses_summed, saturating_always,
    saturating_flag_ignored, saturating_sign, saturating_swapped.
    """
    for shape_real, shape_fake in [
        ((7, 1), (5, 1)),
        ((1, 1), (3, 1)),
        ((11,), (2,)),
        ((5, 1),) * 2,
    ]:
        for dtype in (np.float32, np.float64):
            real, fake = (
                (3.0 * rng.normal(size=shape)).astype(dtype) for shape in (shape_real, shape_fake)
            )
            on_real, on_fake = softplus(-real.astype(float)), softplus(fake.astype(float))
            kind = np.dtype(dtype).name
            assert_close(
                submission.discriminator_loss(Tensor(real), Tensor(fake)),
                on_real.mean() + on_fake.mean(),
                what=f"discriminator_loss of {kind} logits",
                hint="One mean over the real examples plus one mean over the fakes.",
                **FLOAT32,
            )
            assert_close(
                submission.generator_loss(Tensor(fake)),
                softplus(-fake.astype(float)).mean(),
                what=f"generator_loss of {kind} logits",
                **FLOAT32,
            )
            assert_close(
                submission.generator_loss(Tensor(fake), saturating=True),
                -on_fake.mean(),
                what=f"generator_loss of {kind} logits, saturating=True",
                **FLOAT32,
            )


def test_losses_extreme(submission: Submission) -> None:
    """Logits of 60 and of 1e3, where a probability is 0 or 1 in float32 and the loss is not.

    Catches mistakes: discriminator_loss_swapped, losses_clipped, losses_eps_in_log,
    losses_log_of_sigmoid, losses_stop_at_100.
    """
    hint = "sigmoid(-1e3) is 0 in float32, and the logarithm of 0 is not 1e3. Simplify on paper."
    for size in (60.0, 1e3):
        sure, wrong = Tensor(f32([[size], [size]])), Tensor(f32([[-size]]))
        assert_close(
            submission.discriminator_loss(wrong, sure),
            2.0 * size,
            what=f"discriminator_loss([-{size:g}], [{size:g}, {size:g}])",
            hint=hint,
            **FLOAT32,
        )
        assert_close(
            submission.discriminator_loss(sure, wrong),
            0.0,
            what=f"discriminator_loss([{size:g}, {size:g}], [-{size:g}])",
            hint=hint,
            **FLOAT32,
        )
        for saturating in (False, True):
            assert_close(
                submission.generator_loss(Tensor(f32([[size], [-size]])), saturating=saturating),
                -0.5 * size if saturating else 0.5 * size,
                what=f"generator_loss([{size:g}, -{size:g}], saturating={saturating})",
                hint=hint,
                **FLOAT32,
            )
