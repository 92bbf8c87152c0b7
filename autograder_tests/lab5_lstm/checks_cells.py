"""Hidden checks of lab 5: the recurrent cells and clipping, by hand in NumPy."""

import numpy as np
from oracle_lab5 import cell_sizes, lstm_cell, lstm_cell_gradients, lstm_layer, rnn_cell

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_time_ratio,
    assert_unchanged,
)

SIZES = [(7, 5, 3), (1, 2, 11), (3, 1, 5), (5, 3, 3)]  # batch, n_in, hidden; one with n_in = hidden


def test_rnn_step_random(submission: Submission, rng: np.random.Generator) -> None:
    """The cell of torch.nn.RNNCell.

    Catches mistakes: lecture2_rnn_sigmoid, rnn_bias_forgotten, rnn_hidden_ignored,
    rnn_in_place, rnn_weights_transposed.
    """
    for batch, n_in, hidden in SIZES:
        shapes = [(batch, n_in), (batch, hidden), (hidden, n_in), (hidden, hidden), (hidden,)]
        args = [rng.normal(size=shape) for shape in shapes]
        assert_close(
            submission.rnn_step(*args), rnn_cell(*args), what="rnn_step(x, hidden, w_x, w_h, bias)"
        )
    assert_unchanged(submission, "rnn_step", *args, what="rnn_step(x, hidden, w_x, w_h, bias)")


def test_lstm_step_random(submission: Submission, rng: np.random.Generator) -> None:
    """The cell of torch.nn.LSTMCell, also with gates that are wide open or shut.

    Catches mistakes: coupled_gates, extra_forget_bias, forget_gate_missing, gate_order_figo,
    gate_order_ifog, gate_order_igfo, lstm_bias_forgotten, lstm_bias_twice, lstm_cell_in_place,
    lstm_hidden_for_cell, lstm_recurrent_blocks_transposed, lstm_returns_cell_first,
    lstm_sigmoid_overflows, no_tanh_on_output, output_of_old_cell, sigmoid_candidate, tanh_gates.
    """
    what = "lstm_step(x, hidden, cell, w_ih, w_hh, bias)"
    for batch, n_in, hidden in SIZES:
        args = cell_sizes(rng, batch, n_in, hidden)
        for got, wanted, part in zip(
            submission.lstm_step(*args), lstm_cell(*args), (0, 1), strict=True
        ):
            assert_close(got, wanted, what=f"{what}[{part}]")
    args = cell_sizes(rng, 7, 5, 3)
    huge = 1e4  # every gate has a unit that is wide open, and one that is shut
    args[5] = np.array([huge, -huge, 30.0, -huge, huge, -30.0, 0.0, huge, -huge, 30.0, huge, -huge])
    for got, wanted, part in zip(
        submission.lstm_step(*args), lstm_cell(*args), (0, 1), strict=True
    ):
        assert_close(
            got,
            wanted,
            what=f"{what}[{part}] with biases up to 1e4",
            hint="exp(710) is inf. tanh never overflows: sigmoid(x) is (1 + tanh(x / 2)) / 2.",
        )
    assert_unchanged(submission, "lstm_step", *args, what=what)


def test_lstm_forward_random(submission: Submission, rng: np.random.Generator) -> None:
    """The layer of torch.nn.LSTM, from any state, for one step and for many.

    Catches mistakes: coupled_gates, extra_forget_bias, forget_gate_missing,
    forward_cell_not_carried, forward_hidden_not_carried, forward_outputs_are_cells,
    forward_outputs_share_memory, forward_reversed, forward_state_ignored, forward_time_first,
    gate_order_figo, gate_order_ifog, gate_order_igfo, lstm_bias_forgotten, lstm_bias_twice,
    lstm_hidden_for_cell, lstm_recurrent_blocks_transposed, lstm_returns_cell_first,
    no_tanh_on_output, output_of_old_cell, sigmoid_candidate, tanh_gates.
    """
    what = "lstm_forward(x, hidden, cell, w_ih, w_hh, bias)"
    for (batch, n_in, hidden), time in zip(SIZES, (11, 1, 29, 5), strict=True):
        args = cell_sizes(rng, batch, n_in, hidden)
        args[0] = rng.normal(size=(batch, time, n_in))
        names = ("outputs", "hidden", "cell")
        for got, wanted, part, name in zip(
            submission.lstm_forward(*args), lstm_layer(*args), (0, 1, 2), names, strict=True
        ):
            assert_close(got, wanted, what=f"{what}[{part}], {name},")
    assert_unchanged(submission, "lstm_forward", *args, what=what)


def test_lstm_step_gradients(submission: Submission, rng: np.random.Generator) -> None:
    """All six gradients, with a random gradient of the hidden state and of the cell.

    Catches mistakes: backward_bias_averaged, backward_candidate_slope_of_sigmoid,
    backward_cell_path_missing, backward_cell_without_forget, backward_forget_of_new_cell,
    backward_gate_order, backward_grad_cell_ignored, backward_no_tanh_slope,
    backward_output_gate_missing, backward_output_gate_without_tanh,
    backward_recurrent_weights_of_new_hidden, backward_sigmoid_slope_missing.
    """
    names = ("x", "hidden", "cell", "w_ih", "w_hh", "bias")
    what = "lstm_step_backward(grad_hidden, grad_cell, x, hidden, cell, w_ih, w_hh, bias)"
    for case, (batch, n_in, hidden) in enumerate([*SIZES, (7, 5, 3), (7, 5, 3)]):
        args = cell_sizes(rng, batch, n_in, hidden)
        grad_hidden, grad_cell = rng.normal(size=(2, batch, hidden))
        if case == 4:
            grad_hidden[:] = 0.0  # only the path along the cells
        if case == 5:
            grad_cell[:] = 0.0  # only the path through the output
        got = submission.lstm_step_backward(grad_hidden, grad_cell, *args)
        wanted = lstm_cell_gradients(grad_hidden, grad_cell, *args)
        for place in (2, 0, 1, 3, 4, 5):  # the cell first: everything else comes through it
            assert_close(
                got[place],
                wanted[place],
                what=f"{what}[{place}], the gradient of {names[place]},",
                hint="Compare with differences of sum(hidden * a) + sum(cell * b), a and b random.",
            )
    assert_unchanged(submission, "lstm_step_backward", grad_hidden, grad_cell, *args, what=what)


def test_clip_gradients_random(submission: Submission, rng: np.random.Generator) -> None:
    """One factor for all tensors; nothing in place; zeros stay zeros.

    Catches mistakes: clip_always, clip_by_value, clip_each_tensor, clip_in_place,
    clip_norm_after, clip_norms_added, clip_zero_divides.
    """
    what = "clip_gradients(grads, max_norm)"
    for scale, max_norm in [(10.0, 1.0), (10.0, 5.0), (0.01, 1.0), (1e3, 7.0), (0.0, 1.0)]:
        grads = [scale * rng.normal(size=shape) for shape in [(7, 5), (11,), (2, 3, 5), (1,)]]
        clipped, norm = submission.clip_gradients(grads, max_norm)
        total = float(np.linalg.norm(np.concatenate([grad.ravel() for grad in grads])))
        factor = max_norm / total if total > max_norm else 1.0
        assert_close(norm, total, what=f"{what}[1]", hint="The norm before clipping.")
        assert_equal(len(clipped), len(grads), what=f"len({what}[0])")
        for got, grad in zip(clipped, grads, strict=False):
            assert_close(
                got,
                factor * grad,
                what=f"an array of {what}[0]",
                rtol=1e-5,  # dividing by the norm plus 1e-6, as PyTorch does, is right too
                atol=1e-12,
                hint="The direction of all gradients together must not change.",
            )
    assert_unchanged(submission, "clip_gradients", grads, 0.5, what=what)
    grads = [rng.normal(size=(3, 5)), rng.normal(size=7)]
    assert_unchanged(submission, "clip_gradients", grads, 0.5, what=what)


def test_lstm_forward_time(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """A loop over time is needed, one over the examples is not.

    Catches mistake: forward_one_by_one.
    """
    args = cell_sizes(rng, 128, 16, 32)
    args[0] = rng.normal(size=(128, 20, 16))
    args[3:] = [0.3 * array for array in args[3:]]
    assert_time_ratio(
        submission,
        reference,
        "lstm_forward",
        *args,
        at_most=3.0,
        fail_above=5.0,
        what="lstm_forward(x, hidden, cell, w_ih, w_hh, bias)",
        hint="How often does Python go round a loop? Once a step is enough for the whole batch.",
    )
