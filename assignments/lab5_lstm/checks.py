"""Public checks of lab 5. One function per rubric line, named test_<check id>."""

from collections.abc import Mapping

import numpy as np

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    show_curves,
    show_images,
    show_matrix,
    show_points,
)

LN_2, LN_3 = np.log(2.0), np.log(3.0)
HUGE = 50.0  # a gate with this bias is wide open: 1 - sigmoid(50) is 2e-22

LECTURE_2 = ["I like deep learning.", "I like NLP.", "I enjoy flying."]
TABLE_WORDS = ["I", "like", "enjoy", "deep", "learning", "NLP", "flying", "."]
TABLE = np.array(
    [
        [0, 2, 1, 0, 0, 0, 0, 0],
        [2, 0, 0, 1, 0, 1, 0, 0],
        [1, 0, 0, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 1],
        [0, 1, 0, 0, 0, 0, 0, 1],
        [0, 0, 1, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1, 1, 1, 0],
    ]
)
# Training loss of the solution after each of 20 epochs on digits, seed 0.
REFERENCE_LOSS = (
    *(1.9688, 1.0048, 0.7021, 0.4839, 0.4062, 0.3105, 0.2366, 0.2045, 0.1647, 0.1356),
    *(0.1001, 0.1227, 0.0670, 0.0512, 0.0521, 0.0420, 0.0459, 0.0452, 0.0192, 0.0172),
)


def test_cooccurrence_lecture2(submission: Submission) -> None:
    """Lecture 2's table, its rows and columns in order of first appearance.

    Catches mistakes: cooccurrence_across_sentences, cooccurrence_counts_diagonal,
    cooccurrence_full_stop_attached, cooccurrence_full_stop_lost, cooccurrence_lowercase,
    cooccurrence_one_way, cooccurrence_present_or_not, cooccurrence_sorted,
    cooccurrence_window_too_wide.
    """
    words, counts = submission.cooccurrence(LECTURE_2)
    what = "cooccurrence(['I like deep learning.', 'I like NLP.', 'I enjoy flying.'])"
    expected = ["I", "like", "deep", "learning", ".", "NLP", "enjoy", "flying"]
    assert_equal(
        words,
        expected,
        what=f"{what}[0]",
        hint="In order of first appearance, as they are written; the full stop is a word too.",
    )
    order = [TABLE_WORDS.index(word) for word in expected]
    assert_close(
        counts,
        TABLE[np.ix_(order, order)],
        what=f"{what}[1]",
        dtype="int64",
        hint="Lecture 2 has the table; only the order of its words differs.",
    )


def test_word_vectors_worked(submission: Submission) -> None:
    """Singular values 6, 4, 2 and 2: what is kept, and in which order.

    Catches mistakes: word_vectors_centred, word_vectors_not_scaled, word_vectors_rows,
    word_vectors_smallest, word_vectors_square_root.
    """
    counts = np.array([[4, 0, 0, 0], [0, 0, 0, 2], [0, 0, 6, 0], [0, 2, 0, 0]])
    hint = "Left singular vectors, each times its singular value, the largest first."
    for k, kept in [(1, [0, 0, 36, 0]), (2, [16, 0, 36, 0]), (4, [16, 4, 36, 4])]:
        vectors = submission.word_vectors(counts, k)
        what = f"word_vectors([[4, 0, 0, 0], [0, 0, 0, 2], [0, 0, 6, 0], [0, 2, 0, 0]], {k})"
        assert_equal(np.shape(vectors), (4, k), what=f"the shape of {what}", hint="A row a word.")
        gram = vectors @ vectors.T if np.shape(vectors) == (4, k) else np.zeros((4, 4))
        wanted = np.diag(np.array(kept, dtype=np.float64))
        assert_close(gram, wanted, what=f"v @ v.T for v = {what}", hint=hint)
    title = "lecture 2's eight words in two dimensions"
    show_points(title, submission.word_vectors(TABLE, 2), labels=TABLE_WORDS)


def test_analogy_worked(submission: Submission) -> None:
    """Lecture 2's man : woman :: king : queen, with its numbers.

    Catches mistakes: analogy_not_excluded, analogy_signs, lecture2_analogy_not_cosine.
    """
    words = ["man", "king", "woman", "castle", "queen", "pawn"]
    vectors = np.array([[0.2, 0.2], [0.3, 0.7], [0.6, 0.3], [1.0, 1.6], [0.7, 0.8], [-0.2, 0.9]])
    what = "analogy({!r}, {!r}, {!r}, words, vectors)"
    assert_equal(
        submission.analogy("man", "woman", "king", words, vectors),
        "queen",
        what=what.format("man", "woman", "king"),
        hint="king - man + woman is (0.7, 0.8). A long vector is not a close one: use the cosine.",
    )
    assert_equal(
        submission.analogy("man", "man", "queen", words, vectors),
        "castle",
        what=what.format("man", "man", "queen"),
        hint="The vector is queen's own, but a word of the question is never the answer.",
    )


def test_rnn_step_worked(submission: Submission) -> None:
    """Sums that are ln 2 and ln 3: tanh of them is 0.6 and 0.8.

    Catches mistakes: lecture2_rnn_sigmoid, rnn_hidden_ignored, rnn_weights_transposed.
    """
    x, hidden = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    w_x = LN_2 * np.array([[1.0, 0.0], [0.0, -0.5], [2.0, 0.0]])
    w_h = np.array([[0.0, 0.0, 0.0], [LN_2, LN_3, 0.0], [0.0, -LN_2, LN_3]])
    assert_close(
        submission.rnn_step(x, hidden, w_x, w_h, np.array([0.0, 0.0, 0.0])),
        np.array([[0.6, 0.8, 0.6], [0.0, 0.0, 0.0]]),
        what="rnn_step([[1, 0], [0, 2]], [[0, 1, 0], [1, 0, 0]], w_x, w_h, [0, 0, 0])",
        hint="Row r of w_x and of w_h belongs to unit r: x @ w_x.T. tanh(ln 2) is 0.6.",
    )


def test_lstm_step_worked(submission: Submission) -> None:
    """All weights 0: the biases alone set the four gates, one unit after the other.

    Catches mistakes: coupled_gates, extra_forget_bias, forget_gate_missing, gate_order_figo,
    gate_order_ifog, gate_order_igfo, lstm_bias_forgotten, lstm_bias_twice, lstm_hidden_for_cell,
    lstm_returns_cell_first, no_tanh_on_output, output_of_old_cell, sigmoid_candidate, tanh_gates.
    """
    x, hidden, cell = np.zeros((1, 2)), np.array([[0.5]]), np.array([[1.0]])
    w_ih, w_hh = np.zeros((4, 2)), np.zeros((4, 1))
    # Biases of i, f, g, o, and the new cell by hand: f * 1 + i * g.
    for bias, new_cell, out in [
        ([0.0, 0.0, 0.0, 0.0], 0.5, 0.5),
        ([-HUGE, HUGE, 5.0, HUGE], 1.0, 1.0),
        ([HUGE, -HUGE, LN_3, HUGE], 0.8, 1.0),
        ([-LN_3, LN_3, LN_2, 0.0], 0.75 + 0.25 * 0.6, 0.5),
        ([0.0, LN_3, -LN_2, -LN_3], 0.75 - 0.5 * 0.6, 0.25),
    ]:
        got, got_cell = submission.lstm_step(x, hidden, cell, w_ih, w_hh, np.array(bias))
        names = ", ".join(f"{value:.4g}" for value in bias)
        what = f"lstm_step([[0, 0]], [[0.5]], [[1]], zeros, zeros, [{names}])"
        assert_close(
            got_cell,
            np.array([[new_cell]]),
            what=f"{what}[1]",
            hint="The bias holds i, f, g, o in this order. New cell: f times the old one + i g.",
        )
        assert_close(
            got,
            np.array([[out * np.tanh(new_cell)]]),
            what=f"{what}[0]",
            hint="The cell goes through tanh before the output gate lets it out.",
        )


def test_clip_gradients_worked(submission: Submission) -> None:
    """Two tensors of norms 3 and 4 are 5 together.

    Catches mistakes: clip_always, clip_by_value, clip_each_tensor, clip_each_tensor_own_norm,
    clip_norm_after, clip_norms_added.
    """
    grads = [np.array([[1.0, 2.0], [-2.0, 0.0]]), np.array([0.0, 4.0])]
    for max_norm, factor in [(2.5, 0.5), (10.0, 1.0)]:
        clipped, norm = submission.clip_gradients(grads, max_norm)
        what = f"clip_gradients([[[1, 2], [-2, 0]], [0, 4]], {max_norm})"
        assert_close(norm, 5.0, what=f"{what}[1]", hint="The norm of all numbers, before clipping.")
        assert_equal(len(clipped), 2, what=f"len({what}[0])")
        for place, (got, grad) in enumerate(zip(clipped, grads, strict=False)):
            assert_close(
                got,
                factor * grad,
                what=f"{what}[0][{place}]",
                rtol=1e-5,  # dividing by the norm plus 1e-6, as PyTorch does, is right too
                hint="One factor for all tensors, and 1 if they are short enough.",
            )


def test_classifier_form(submission: Submission) -> None:
    """Shapes, the number of weights, and the forget gate's bias.

    Catches mistakes: classifier_logits_of_all_steps, classifier_two_layers,
    forget_bias_on_input_gate, forget_bias_twice, forget_bias_zero.
    """
    n_in, hidden, n_classes = 5, 7, 3
    what = f"build_lstm_classifier({n_in}, {hidden}, {n_classes})"
    model = submission.build_lstm_classifier(n_in, hidden, n_classes)
    x = Tensor(np.linspace(-1.0, 1.0, 2 * 4 * n_in, dtype=np.float32).reshape(2, 4, n_in))
    logits = submission.ask(model, "__call__", x)
    assert_equal(np.shape(logits), (2, n_classes), what=f"the shape of {what}(x) for x (2, 4, 5)")
    state = submission.ask(model, "state_dict")
    arrays = [np.asarray(a) for a in state.values()] if isinstance(state, dict) else []
    biases = [array for array in arrays if array.shape == (4 * hidden,)]
    wanted = 4 * hidden * (n_in + hidden + len(biases)) + (hidden + 1) * n_classes
    assert_equal(
        sum(array.size for array in arrays),
        wanted,
        what=f"the number of weights of {what}",
        hint="One LSTM, as in nn.LSTM, and one affine layer from its last hidden state.",
    )
    together = sum(biases) if biases else np.zeros(4 * hidden)
    assert_close(
        np.asarray(together[hidden : 2 * hidden], dtype=np.float64),
        np.ones(hidden),
        what=f"the forget gate's bias of {what}",
        atol=1e-6,  # float32
        hint="The second quarter. nn.LSTM has two biases and adds them: what is their sum?",
    )


def test_adding_batch_form(submission: Submission, rng: np.random.Generator) -> None:
    """Values, marks and targets of the adding problem.

    A correct submission fails with probability below 1e-6: the chance that one of 9 positions
    is never drawn in 3,000 is 5 * (4 / 5) ** 3000, and assert_statistic adds 1e-6 a call at most.

    Catches mistakes: adding_last_step_never, adding_marks_anywhere, adding_own_generator,
    adding_standard_normal, adding_target_mean, adding_target_sums_all,
    adding_values_only_marked.
    """
    length, n = 9, 3000
    x, target = submission.adding_batch(length, n, np.random.default_rng(int(rng.integers(2**32))))
    what = "adding_batch(9, 3000, rng)"
    assert_equal(np.shape(x), (n, length, 2), what=f"the shape of {what}[0]")
    assert_equal(str(x.dtype), "float32", what=f"the dtype of {what}[0]")
    if np.shape(x) != (n, length, 2):
        return
    values, marks = x[..., 0].astype(np.float64), x[..., 1].astype(np.float64)
    assert_marks(marks, what=what)
    assert_uniform(values, what=what)
    assert_close(
        target,
        (values * marks).sum(axis=1),
        what=f"{what}[1]",
        dtype="float32",
        atol=1e-6,  # float32
        rtol=1e-6,
        hint="The sum of the two marked values.",
    )
    again = np.random.default_rng(int(rng.integers(2**32)))  # arrives in the same state each time
    first, second = (submission.adding_batch(5, 7, again)[0] for _ in range(2))
    assert_close(second, first, what="adding_batch, twice with equal generators,", dtype="any")
    assert_rng_untouched(
        submission, "adding_batch", 5, 7, again, what="adding_batch(length, n, rng)"
    )


def assert_marks(marks: np.ndarray, *, what: str) -> None:
    """Sequences (n, 9) have one mark in each half, and every step is marked in some of them."""
    assert_that(
        bool(np.isin(marks, [0.0, 1.0]).all())
        and bool((marks[:, :4].sum(axis=1) == 1).all() and (marks[:, 4:].sum(axis=1) == 1).all()),
        f"{what}: every sequence has one mark in its first 4 steps and one in its last 5.",
        shows=marks.sum(axis=1)[:50],
        hint="x[:, :, 1] is 1 at two steps and 0 elsewhere. The first half is length // 2 long.",
    )
    assert_that(
        bool((marks.sum(axis=0) > 0).all()),
        f"{what} never marks some of the steps.",
        shows=(marks.sum(axis=0) > 0),
        hint="Every step of a half is marked equally often.",
    )


def assert_uniform(values: np.ndarray, *, what: str) -> None:
    """Values (n, 9) are uniform on [0, 1): their bounds, their mean and that of their squares."""
    within = bool((values >= 0.0).all() and (values <= 1.0).all())
    assert_that(
        within,
        f"{what} has values outside [0, 1).",
        shows=(within, round(float(values.std()), 1)),
        hint="Uniform on [0, 1).",
    )
    assert_statistic(
        float(values.mean()),
        0.5,
        standard_error=(1.0 / 12.0 / values.size) ** 0.5,
        what=f"the mean of all values in {what}",
        hint="Uniform on [0, 1), the unmarked ones too.",
    )
    assert_statistic(
        float((values**2).mean()),
        1.0 / 3.0,
        standard_error=(4.0 / 45.0 / values.size) ** 0.5,
        what=f"the mean of all squared values in {what}",
        hint="Uniform on [0, 1).",
    )


def test_rows_accuracy(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Images read row by row; our own forward pass judges the weights that come back.

    Digits, 20 epochs, solution, 10 seeds: 0.967 +- 0.005, 0.961 to 0.978, 1.3 CPU s. MNIST, 2
    epochs: see lab.toml. A plain RNN does as well here: digits do not need memory.

    Catches mistake: fit_labels_misaligned.
    """
    scale, (n, _, n_in) = float(dataset.max_value), dataset.x_train.shape
    hidden, n_classes, epochs = 64, 10, 20 if n < 10_000 else 2
    settings = {
        "epochs": epochs,
        "batch_size": 64 if n < 10_000 else 128,
        "learning_rate": 1e-2 if n < 10_000 else 3e-3,
        "max_norm": 1.0,
        "seed": int(rng.integers(2**31)),
        "device": device,
    }
    model = submission.build_lstm_classifier(n_in, hidden, n_classes)
    x_train = Tensor((dataset.x_train / scale).astype(np.float32))
    history = submission.fit(model, x_train, Tensor(dataset.y_train), **settings)
    x_test = dataset.x_test / scale
    logits = lstm_logits(submission.ask(model, "state_dict"), x_test, hidden, n_classes)
    predicted = np.argmax(logits, axis=1)
    accuracy = float((predicted == dataset.y_test).mean())
    show_training(history, predicted, dataset)
    assert_at_least(
        accuracy,
        bars["accuracy"],
        what=f"test accuracy of an LSTM with {hidden} units on rows of pixels, {epochs} epochs",
        hint="Plot history['loss']. Does it fall in every epoch?",
    )


def lstm_logits(state: object, x: np.ndarray, hidden: int, n_classes: int) -> np.ndarray:
    """Logits of an LSTM classifier from its tensors, found by their shapes; zeros if missing."""
    n, time, n_in = x.shape
    arrays = [np.asarray(a) for a in state.values()] if isinstance(state, dict) else []

    def pick(*shape: int) -> np.ndarray:
        fits = [a.astype(np.float32) for a in arrays if a.shape == shape and a.dtype.kind == "f"]
        return sum(fits, np.zeros(shape, np.float32))  # the two biases add up

    w_ih, w_hh = pick(4 * hidden, n_in), pick(4 * hidden, hidden)
    bias, w_out, b_out = pick(4 * hidden), pick(n_classes, hidden), pick(n_classes)
    out, cell = np.zeros((n, hidden), np.float32), np.zeros((n, hidden), np.float32)
    x = x.astype(np.float32)
    for t in range(time):
        i, f, g, o = np.split(x[:, t] @ w_ih.T + out @ w_hh.T + bias, 4, axis=1)
        i, f, o = (0.5 + 0.5 * np.tanh(0.5 * gate) for gate in (i, f, o))
        cell = f * cell + i * np.tanh(g)
        out = o * np.tanh(cell)
    return out @ w_out.T + b_out


def show_training(history: object, predicted: np.ndarray, dataset: Dataset) -> None:
    """Lay out what training did: a curve, a table, the images taken for something else."""
    losses = history.get("loss", ()) if isinstance(history, dict) else ()
    reference = {"reference": REFERENCE_LOSS} if dataset.name == "digits" else {}
    show_curves("LSTM on rows", {"yours": losses, **reference}, y="training loss")
    table = np.zeros((10, 10), dtype=np.int64)
    np.add.at(table, (dataset.y_test, predicted), 1)
    show_matrix("rows of pixels: what was taken for what", table)
    wrong = np.flatnonzero(predicted != dataset.y_test)[:24]
    captions = [f"{dataset.y_test[i]} as {predicted[i]}" for i in wrong]
    show_images("taken for another digit", dataset.x_test[wrong], captions=captions)
