"""Hidden checks of lab 6: models and their training, step by step, and the figure.

What a model says about itself is never taken for granted: we read its weights, compute in float64
what it should answer, and compare. float32 arrays are held against that with rtol 1e-3, away from
inputs on which float32 itself is ill-conditioned.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from oracle_lab6 import (
    CODE,
    HIDDEN,
    KINDS,
    N_IN,
    Array,
    Array32,
    Layout,
    State,
    Trained,
    as_vector,
    falling,
    found_shapes,
    halves,
    layouts,
    load,
    random_state,
    read_layout,
    read_state,
    run,
    train_oracle,
    wanted_shapes,
)

from grader.testing import (
    Submission,
    Tensor,
    assert_close,
    assert_equal,
    assert_that,
)

LOOSE: dict[str, Any] = {"dtype": "floating", "rtol": 1e-3, "atol": 1e-4}
# Weights move by about the learning rate, 0.05; float32 is off by 3e-7 at most in 160 cases.
MOVES: dict[str, Any] = {"rtol": 1e-3, "atol": 1e-4}
RATE = 0.05
CLEAR = 2e-3  # smallest gradient we look for, not always found: Adam's first step is its sign


def case_of(kind: str) -> str:
    """The call that builds such a model."""
    options = "".join(f", {name}={value}" for name, value in KINDS[kind][0].items())
    return f"build_autoencoder({N_IN}, {CODE}{options})"


def build(submission: Submission, kind: str) -> tuple[Any, State]:
    """A model of this kind and what is in it; its tensors are the ones that must be there."""
    model = submission.build_autoencoder(N_IN, CODE, **KINDS[kind][0])
    state = read_state(submission, model)
    assert_equal(
        found_shapes(state),
        wanted_shapes(kind),
        what=f"shapes in the state_dict of {case_of(kind)}, sorted,",
        hint="Encoder and decoder have their own weights; the statement says who has biases.",
    )
    return model, state


def nearest(
    state: State, kind: str, seen: tuple[Array, Array], x: Array32, z: Array32
) -> tuple[Array, Array, Array]:
    """Codes of x, answers to x and answers to codes z, under the reading nearest to what was seen.

    Zeros if there is no reading; the shapes have been judged by then.
    """
    best, least = None, np.inf
    for layout in layouts(state, kind):
        encoder, decoder = halves(layout)
        codes = run(encoder, state, x)
        guess = codes, run(decoder, state, codes), run(decoder, state, z)
        gap = sum(
            float(np.abs(np.nan_to_num(a) - b).sum()) if a.shape == b.shape else 1e9
            for a, b in zip(seen, guess[:2], strict=True)
        )
        if best is None or gap < least:
            best, least = guess, gap
    return best or (np.zeros((len(x), CODE)), np.zeros((len(x), N_IN)), np.zeros((len(z), N_IN)))


def numbers(got: object) -> Array:
    """An array of numbers, or one that fits nothing."""
    array = np.asarray(got)
    return array if array.dtype.kind == "f" else np.zeros(0)


def test_model_structure(submission: Submission, rng: np.random.Generator) -> None:
    """With weights that we choose, codes and answers are what the statement's layers give.

    Catches mistakes: code_as_wide_as_input, encode_before_sigmoid, encode_centres_batch,
    model_lecture_with_biases, model_linear_with_sigmoid, model_linear_without_biases,
    model_relu_on_code, model_sigmoid_output, model_tanh_code, model_tied.
    """
    for kind in KINDS:
        model, state = build(submission, kind)
        state = random_state(state, rng)
        load(submission, model, state)
        x = (2.0 * rng.normal(size=(11, N_IN))).astype(np.float32)
        z = rng.normal(size=(5, CODE)).astype(np.float32)
        codes = numbers(submission.encode(model, Tensor(x)))
        answers = numbers(submission.ask(model, "__call__", Tensor(x)))
        decoded = submission.decode(model, Tensor(z))
        expected = nearest(state, kind, (codes, answers), x, z)
        name = f"model = {case_of(kind)}"
        assert_close(codes, expected[0], what=f"encode(model, x) of {name}", **LOOSE)
        assert_close(answers, expected[1], what=f"model(x) of {name}", **LOOSE)
        assert_close(decoded, expected[2], what=f"decode(model, z) of {name}", **LOOSE)


def test_model_code_only(submission: Submission, rng: np.random.Generator) -> None:
    """A code is all that decode gets: nothing is remembered from encode, and rows do not mix.

    Catches mistakes: decode_remembers_input, encode_centres_batch,
    encode_returns_reconstruction.
    """
    for kind in KINDS:
        model, state = build(submission, kind)
        load(submission, model, random_state(state, rng))
        x = rng.normal(size=(7, N_IN)).astype(np.float32)
        order = np.roll(np.arange(7), 3)
        codes = numbers(submission.encode(model, Tensor(x)))
        assert_equal(codes.shape, (7, CODE), what=f"shape of encode(model, x), {case_of(kind)},")
        codes = codes.astype(np.float32) if codes.shape == (7, CODE) else np.zeros((7, CODE), "f")
        answers = numbers(submission.ask(model, "__call__", Tensor(x)))
        answers = answers if answers.shape == x.shape else np.zeros_like(x)
        assert_close(
            submission.decode(model, Tensor(codes[order])),
            answers[order],
            what="decode(model, z) for the codes of x in another order",
            hint="The answers come in the order of the codes. Is anything kept from encode?",
            **LOOSE,
        )
        assert_close(
            submission.decode(model, Tensor(codes[2:3])),
            answers[2:3],
            what="decode(model, z) for the code of one example",
            **LOOSE,
        )
        assert_close(
            submission.encode(model, Tensor(x[4:5])),
            codes[4:5],
            what="encode(model, x) for one example alone, against the same one in a batch",
            hint="The code of an example does not depend on its neighbours.",
            **LOOSE,
        )


def prepare(
    submission: Submission, kind: str, rng: np.random.Generator
) -> tuple[Any, State, Layout | None]:
    """A model of this kind, with weights that we chose, and how to read them."""
    model, state = build(submission, kind)
    state = random_state(state, rng)
    load(submission, model, state)
    return model, state, read_layout(submission, model, state, kind, rng)


def clear_case(
    layout: Layout, state: State, n: int, *, has_target: bool, rng: np.random.Generator
) -> tuple[Array32, Array32]:
    """Examples and targets whose first gradient has no entry near 0, if 200 draws give any."""
    best, largest = (np.zeros((n, N_IN), "f"), np.zeros((n, N_IN), "f")), -1.0
    for _ in range(200):
        x = rng.normal(size=(n, N_IN)).astype(np.float32)
        target = rng.normal(size=(n, N_IN)).astype(np.float32) if has_target else x
        least = train_oracle(layout, state, [(x, target)], [RATE]).least_gradient
        if least > largest:
            best, largest = (x, target), least
        if largest > CLEAR:
            break
    return best


def assert_trained(
    submission: Submission, model: Any, start: State, oracle: Trained, *, what: str, hint: str
) -> None:
    """The weights moved as the oracle's did."""
    end = as_vector(read_state(submission, model), start)
    before = as_vector(start, start)
    assert_close(
        end - before, as_vector(oracle.state, start) - before, what=what, hint=hint, **MOVES
    )


def test_fit_steps(submission: Submission, rng: np.random.Generator) -> None:
    """With one batch for all, the order is no matter: weights and losses of 1, 2 and 3 steps.

    Catches mistakes: fit_ascends, fit_decoder_only, fit_loss_mean_of_all, fit_loss_summed,
    fit_loss_without_half, fit_momentum, fit_no_decay, fit_no_zero_grad, fit_sgd,
    fit_target_ignored, fit_weight_decay.
    """
    cases = [("hidden", 7, 7, False, 1), ("hidden", 7, 7, True, 2), ("linear", 5, 1000, True, 3),
             ("lecture", 1, 1, False, 2)]  # fmt: skip
    for kind, n, batch_size, has_target, epochs in cases:
        model, start, layout = prepare(submission, kind, rng)
        what = f"fit(model, x{', target' if has_target else ''}, epochs={epochs}, batch_size=N)"
        if layout is None:
            assert_that(condition=False, message=f"{case_of(kind)} has other layers than stated.")
            continue
        x, target = clear_case(layout, start, n, has_target=has_target, rng=rng)
        given = (Tensor(x), Tensor(target)) if has_target else (Tensor(x),)
        history = submission.fit(
            model, *given, epochs=epochs, batch_size=batch_size, learning_rate=RATE, seed=1
        )
        oracle = train_oracle(layout, start, [(x, target)] * epochs, falling(RATE, epochs))
        assert_trained(
            submission,
            model,
            start,
            oracle,
            what=f"the change of the weights by {what}",
            hint="Adam, learning_rate * (1 - s / S) in step s of S, s from 0.",
        )
        assert_close(
            np.array(history, dtype=np.float64),
            np.array(oracle.losses),
            what=f"the losses that {what} returns",
            rtol=1e-3,
            atol=1e-4,
            hint="Half of the squared distance of an example, as a mean over the examples.",
        )


def test_fit_batches(submission: Submission, rng: np.random.Generator) -> None:
    """Equal examples: only the number of steps counts. Then losses of batches of unequal size.

    Catches mistakes: fit_decays_by_epoch, fit_drops_last, fit_full_batch,
    fit_history_of_batches, fit_history_of_last_batch, fit_no_decay, fit_no_zero_grad.
    """
    model, start, layout = prepare(submission, "linear", rng)
    if layout is None:
        assert_that(condition=False, message=f"{case_of('linear')} has other layers than stated.")
        return
    for n, batch_size, epochs in [(7, 3, 2), (6, 3, 1), (5, 2, 1), (3, 1, 2)]:
        row, target = clear_case(layout, start, 1, has_target=True, rng=rng)
        load(submission, model, start)
        steps = epochs * -(-n // batch_size)
        submission.fit(
            model,
            Tensor(np.repeat(row, n, axis=0)),
            Tensor(np.repeat(target, n, axis=0)),
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=RATE,
            seed=2,
        )
        assert_trained(
            submission,
            model,
            start,
            train_oracle(layout, start, [(row, target)] * steps, falling(RATE, steps)),
            what="the change of the weights by fit on equal examples",
            hint="Count the steps of an epoch, the short last one too. S counts all steps of all.",
        )
    load(submission, model, start)
    x = rng.normal(size=(7, N_IN)).astype(np.float32)
    x[3] *= 5.0
    history = submission.fit(model, Tensor(x), epochs=2, batch_size=3, learning_rate=1e-9, seed=3)
    assert_close(
        np.array(history, dtype=np.float64),
        np.full(2, 0.5 * ((run(layout, start, x) - x) ** 2).sum() / 7.0),
        what="the losses that fit returns when the weights hardly move",
        rtol=1e-3,
        atol=1e-4,
        hint="A mean over the examples of an epoch: the short last batch counts less.",
    )


RUNS = 24  # of two examples: a correct shuffle shows one order only with probability 2 ** -23
ORDERS = ("0 1", "1 0")


def test_fit_order(submission: Submission, rng: np.random.Generator) -> None:
    """Every example once an epoch, with its target, in an order that the seed decides.

    Two examples, batches of one, two epochs. False failure below 1e-6.

    Catches mistakes: fit_new_order_once, fit_no_shuffle, fit_seed_ignored,
    fit_target_misaligned, fit_with_replacement.
    """
    model, start, layout = prepare(submission, "linear", rng)
    if layout is None:
        assert_that(condition=False, message=f"{case_of('linear')} has other layers than stated.")
        return
    x, target = clear_case(layout, start, 2, has_target=True, rng=rng)
    rows = [(x[i : i + 1], target[i : i + 1]) for i in range(2)]
    ends = {
        (first, second): as_vector(
            train_oracle(
                layout, start, [rows[int(i)] for i in f"{first} {second}".split()], falling(RATE, 4)
            ).state,
            start,
        )
        for first in ORDERS
        for second in ORDERS
    }
    seen, gaps = [], []
    for seed in rng.integers(2**31, size=RUNS):
        end = train_on_two(submission, model, start, (x, target), int(seed))
        distance = {orders: float(np.abs(end - known).max()) for orders, known in ends.items()}
        best = min(distance, key=lambda orders: distance[orders])
        seen.append(best)
        gaps.append(distance[best])
    assert_close(
        np.array(gaps),
        np.zeros(RUNS),
        what="distance of fit's weights to those of any order of two examples, batch_size=1",
        atol=2e-3,  # float32 is off by 2e-7 at most; two orders are 0.014 or more apart
        hint="Each epoch has each example once, with its own target.",
    )
    firsts = {first for first, _ in seen}
    assert_that(
        len(firsts) == 2,
        "fit takes the examples in the same order for all seeds.",
        shows=len(firsts),
        hint="The order is random, and the seed decides it.",
    )
    is_new = {first == second for first, second in seen}
    assert_that(
        len(is_new) == 2,
        "the order of fit's second epoch is not independent of the first one's.",
        shows=sorted(is_new),
        hint="Draw a new order in every epoch, from the same generator.",
    )
    again = [train_on_two(submission, model, start, (x, target), 5) for _ in range(2)]
    assert_that(
        np.array_equal(again[0], again[1]),
        "fit gives other weights for the same seed and the same start.",
        hint="All randomness of fit comes from its seed.",
    )


def train_on_two(
    submission: Submission, model: Any, start: State, data: tuple[Array32, Array32], seed: int
) -> NDArray[np.float64]:
    """The weights after two epochs from the same start, one example a step."""
    load(submission, model, start)
    x, target = data
    submission.fit(
        model, Tensor(x), Tensor(target), epochs=2, batch_size=1, learning_rate=RATE, seed=seed
    )
    return np.nan_to_num(as_vector(read_state(submission, model), start), nan=1e3)


def test_denoising_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Without noise fit_denoising is fit; the seed decides the start; denoise is the model.

    Catches mistakes: denoise_adds_noise, denoise_subtracts, denoising_one_epoch,
    denoising_seed_ignored, fit_no_decay.
    """
    what = "fit_denoising(x, 0, code=3, hidden=7, epochs={}, batch_size=N)"
    x = rng.normal(size=(11, N_IN)).astype(np.float32)
    options = {"code": CODE, "hidden": HIDDEN, "batch_size": 11, "learning_rate": RATE}
    start, layout = {}, None
    for _ in range(40):  # until no entry of the first gradient is near 0
        seed = int(rng.integers(2**31))
        model = submission.fit_denoising(Tensor(x), 0.0, epochs=0, seed=seed, **options)
        start = read_state(submission, model)
        layout = read_layout(submission, model, start, "hidden", rng)
        if layout is None:
            break
        if train_oracle(layout, start, [(x, x)], [RATE]).least_gradient > CLEAR / 4.0:
            break
    assert_equal(
        found_shapes(start), wanted_shapes("hidden"), what=f"shapes in {what.format(0)}, sorted,"
    )
    noisy = (x + rng.normal(size=x.shape)).astype(np.float32)
    expected = run(layout, start, noisy) if layout else np.zeros(x.shape)
    got = submission.denoise(model, Tensor(noisy))
    assert_close(got, expected, what="denoise(model, x)", **LOOSE)
    other = submission.fit_denoising(Tensor(x), 0.0, epochs=0, seed=seed + 1, **options)
    moved = as_vector(read_state(submission, other), start) - as_vector(start, start)
    assert_that(
        bool(np.abs(moved).max(initial=0.0) > 1e-3),
        "fit_denoising starts from the same weights for all seeds.",
        hint="The initial weights come from the seed too.",
    )
    for epochs in (1, 2):
        model = submission.fit_denoising(Tensor(x), 0.0, epochs=epochs, seed=seed, **options)
        oracle = (
            train_oracle(layout, start, [(x, x)] * epochs, falling(RATE, epochs))
            if layout
            else Trained(state={}, losses=[], least_gradient=0.0)
        )
        assert_trained(
            submission,
            model,
            start,
            oracle,
            what=f"the change of the weights by {what.format(epochs)}",
            hint="Without noise it is fit: the same loss, Adam, the same falling learning rate.",
        )


def test_plot_drawn(submission: Submission, rng: np.random.Generator) -> None:
    """Originals first, then reconstructions, one image in each axes; both rows have a name.

    Catches mistakes: plot_interleaved, plot_one_row, plot_rows_swapped, plot_without_names.
    """
    for n, height, width in [(5, 8, 8), (1, 7, 3)]:
        x, y = rng.uniform(size=(2, n, height, width))
        figure = submission.plot_reconstructions(x, y)
        images = [image for axes in figure.axes for image in axes.images]
        shapes = [np.shape(image) for image in images]
        assert_equal(
            shapes,
            [(height, width)] * (2 * n),
            what="shapes of the images that plot_reconstructions(x, y) draws",
        )
        drawn = (
            np.stack(images) if shapes == [(height, width)] * (2 * n) else np.zeros((2 * n, 1, 1))
        )
        hint = "figure.axes has the N axes of the upper row first: subplots(2, N)."
        what = "plot_reconstructions(x, y)"
        assert_close(drawn[:n], x, what=f"the upper row of {what}", hint=hint)
        assert_close(drawn[n:], y, what=f"the lower row of {what}", hint=hint)
        names = [f"{axes.title}{axes.ylabel}".strip() for axes in figure.axes]
        named = [bool(names[:1] and names[0]), bool(len(names) > n and names[n])]
        assert_that(
            all(named),
            f"the first axes of each row of {what} should have a title or a y label.",
            shows=named,
        )
