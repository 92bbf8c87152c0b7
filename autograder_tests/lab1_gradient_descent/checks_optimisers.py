"""Hidden checks of lab 1: RMSprop and Adam."""

import numpy as np
from oracle_lab1 import FLOAT32, Array, decayed_sum

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_that,
    assert_unchanged,
)


def moment(state: dict[object, object], key: str, like: Array, what: str) -> Array:
    """An entry of a state, or NaN where it is missing or no array."""
    value = state.get(key)
    assert_that(
        isinstance(value, np.ndarray),
        f'the state of {what} should hold an array "{key}".',
        shows=sorted(str(key) for key in state),
    )
    return value if isinstance(value, np.ndarray) else np.full(like.shape, np.nan)


def draw_gradients(rng: np.random.Generator, shape: tuple[int, ...], steps: int) -> list[Array]:
    """Gradients from 1e-9 to 1e6, every weight at its own scale; one weight never gets any."""
    scales = 10.0 ** rng.uniform(-9.0, 6.0, size=shape)
    scales.flat[0] = 0.0
    if scales.size > 1:
        scales.flat[1] = 1e-8  # where it matters whether eps stands inside the root
    return [scales * rng.normal(size=shape) for _ in range(steps)]


def test_rmsprop_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Five steps in a row, from nothing, from zeros and from a past; scales from 1e-9 to 1e6.

    Catches mistakes: rmsprop_eps_inside_root, rmsprop_not_squared, rmsprop_forgets,
    rmsprop_weights_swapped, rmsprop_without_root, rmsprop_old_average, rmsprop_in_place.
    """
    what = "rmsprop_step(weights, grad, state, ...)"
    for shape, has_state, has_past, options in (
        ((7,), False, False, ()),
        ((3, 5), True, False, (0.1, 0.7)),
        ((2, 3, 5), True, True, (1.0, 0.99, 1e-6)),
        ((1,), False, False, (0.5, 0.0)),
    ):
        rate, rho, eps = (*options, *(0.001, 0.9, 1e-8)[len(options) :])
        grads = draw_gradients(rng, shape, 5)
        weights = expected = rng.normal(size=shape) * rate
        before = np.abs(grads[0]) ** 2 * rng.uniform(0.5, 2.0) if has_past else np.zeros(shape)
        state = {"v": before} if has_state else {}
        for k, grad in enumerate(grads):
            weights, state = submission.rmsprop_step(weights, grad, state, *options)
            average = decayed_sum([g**2 for g in grads[: k + 1]], before, rho)
            expected = expected - rate * grad / (average**0.5 + eps)
            # In units of the learning rate: the default one is as small as some tolerances.
            assert_close(weights / rate, expected / rate, what=f"{what}[0] / learning_rate")
            assert_close(moment(state, "v", grad, what), average, what=f'{what}[1]["v"]')
    weights, grad = rng.normal(size=(2, 7)).astype(np.float32)
    assert_close(
        submission.rmsprop_step(weights, grad, {}, 0.1)[0],
        weights - 0.1 * np.sign(grad) / 0.1**0.5,
        what=f"{what}[0] of float32",
        **FLOAT32,
    )
    args = rng.normal(size=5), rng.normal(size=5), {"v": rng.uniform(size=5)}
    assert_unchanged(submission, "rmsprop_step", *args, what=what)
    assert_unchanged(submission, "rmsprop_step", *args[:2], {}, what=what)
    assert_not_aliased(submission, "rmsprop_step", *args, what=what)


def test_adam_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Five steps in a row, from nothing, from zeros and from a past; scales from 1e-9 to 1e6.

    Catches mistakes: adam_without_correction, adam_counts_from_zero, adam_betas_swapped,
    adam_eps_inside_root, adam_eps_before_correction, adam_not_squared, adam_without_root,
    adam_count_stays, adam_state_corrected, adam_in_place.
    """
    what = "adam_step(weights, grad, state, ...)"
    for shape, has_state, past, options in (
        ((7,), False, 0, ()),
        ((3, 5), True, 0, (0.1, 0.7, 0.95)),
        ((2, 3, 5), True, 6, (1.0, 0.8, 0.9, 1e-6)),
        ((1,), False, 0, (0.5, 0.0, 0.5)),
    ):
        rate, beta1, beta2, eps = (*options, *(0.001, 0.9, 0.999, 1e-8)[len(options) :])
        history = draw_gradients(rng, shape, past + 5)
        zeros = np.zeros(shape)
        state: dict[str, object] = {}
        if has_state:
            m = decayed_sum(history[:past], zeros, beta1) if past else zeros
            v = decayed_sum([g**2 for g in history[:past]], zeros, beta2) if past else zeros
            state = {"m": m, "v": v, "t": past}
        weights = expected = rng.normal(size=shape) * rate
        for t in range(past + 1, past + 6):
            weights, state = submission.adam_step(weights, history[t - 1], state, *options)
            m = decayed_sum(history[:t], zeros, beta1)
            v = decayed_sum([g**2 for g in history[:t]], zeros, beta2)
            root = (v / (1.0 - beta2**t)) ** 0.5
            expected = expected - rate * m / (1.0 - beta1**t) / (root + eps)
            # In units of the learning rate: the default one is as small as some tolerances.
            assert_close(weights / rate, expected / rate, what=f"{what}[0] / learning_rate")
            assert_close(moment(state, "m", m, what), m, what=f'{what}[1]["m"]')
            assert_close(moment(state, "v", v, what), v, what=f'{what}[1]["v"]')
            assert_equal(state.get("t"), t, what=f'{what}[1]["t"]')
    weights, grad = rng.normal(size=(2, 7)).astype(np.float32)
    assert_close(
        submission.adam_step(weights, grad, {}, 0.1)[0],
        weights - 0.1 * np.sign(grad),
        what=f"{what}[0] of float32",
        **FLOAT32,
    )
    args = *rng.normal(size=(2, 5)), {"m": rng.normal(size=5), "v": rng.uniform(size=5), "t": 3}
    assert_unchanged(submission, "adam_step", *args, what=what)
    assert_unchanged(submission, "adam_step", *args[:2], {}, what=what)
    assert_not_aliased(submission, "adam_step", *args, what=what)
