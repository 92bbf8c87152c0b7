"""Public checks of lab 4. One function per rubric line, named test_<check id>."""

from collections.abc import Mapping

import numpy as np

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_raises,
    show_curves,
    show_images,
)

# Training loss of the reference in cnn_learns, an epoch each.
REFERENCE_LOSS: dict[str, tuple[float, ...]] = {
    "digits": (
        2.1477,
        1.1571,
        0.5518,
        0.3517,
        0.2503,
        0.2175,
        0.1726,
        0.1428,
        0.1237,
        0.1172,
        0.1021,
        0.0902,
        0.0793,
        0.0759,
        0.0709,
    ),
    "mnist": (),
}


def test_output_size_worked(submission: Submission) -> None:
    """Sizes that can be counted on paper.

    Catches mistakes: output_size_no_error, output_size_padding_once, output_size_rounds_up,
    output_size_without_one.
    """
    for size, kernel, stride, padding, expected in [
        (5, 3, 1, 0, 3),
        (5, 3, 1, 1, 5),
        (6, 3, 2, 0, 2),
        (7, 2, 2, 0, 3),
        (224, 2, 2, 0, 112),
        (4, 4, 3, 0, 1),
        (3, 5, 1, 1, 1),
    ]:
        what = f"output_size({size}, {kernel}, {stride}, {padding})"
        got = submission.output_size(size, kernel, stride, padding)
        assert_equal(got, expected, what=what)
    what = "output_size(3, 5, 1, 0), a kernel larger than the image,"
    assert_raises(submission, "output_size", 3, 5, 1, 0, kind="ValueError", what=what)


def test_conv2d_worked(submission: Submission) -> None:
    """A 3 by 3 image and a kernel of four different numbers.

    Catches mistakes: lecture3_flipped_kernel, conv_bias_forgotten, conv_stride_ignored,
    conv_padding_ignored.
    """
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    weights = np.array([[[[1.0, 2.0], [3.0, 4.0]]], [[[0.0, 1.0], [0.0, 0.0]]]])
    bias = np.array([0.0, 10.0])
    case = "x=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], weights [[1, 2], [3, 4]] and [[0, 1], [0, 0]]"
    assert_close(
        submission.conv2d_forward(x, weights, bias),
        np.array([[[[37.0, 47.0], [67.0, 77.0]], [[12.0, 13.0], [15.0, 16.0]]]]),
        what=f"conv2d_forward({case}, bias=[0, 10])",
        hint="1*1 + 2*2 + 3*4 + 4*5 = 37: the kernel lies on the image as it is written.",
    )
    assert_close(
        submission.conv2d_forward(x, weights, bias, stride=2, padding=1),
        np.array([[[[4.0, 18.0], [36.0, 77.0]], [[10.0, 10.0], [14.0, 16.0]]]]),
        what=f"conv2d_forward({case}, bias=[0, 10], stride=2, padding=1)",
        hint="With a border of zeros the first window is [[0, 0], [0, 1]].",
    )


def test_conv2d_backward_worked(submission: Submission) -> None:
    """The gradients that belong to the example above.

    Catches mistakes: conv_backward_bias_averaged, conv_backward_kernel_flipped, conv_backward_ones,
    conv_backward_overlap_lost.
    """
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    weights = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    grad_out = np.array([[[[1.0, 0.0], [2.0, -1.0]]]])
    grad_x, grad_weights, grad_bias = submission.conv2d_backward(grad_out, x, weights)
    what = "conv2d_backward([[1, 0], [2, -1]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]])"
    assert_close(grad_bias, np.array([2.0]), what=f"{what}[2]", hint="1 + 0 + 2 - 1.")
    assert_close(
        grad_weights,
        np.array([[[[4.0, 6.0], [10.0, 12.0]]]]),
        what=f"{what}[1]",
        hint="Each window times its own upstream gradient, added up.",
    )
    assert_close(
        grad_x,
        np.array([[[[1.0, 2.0, 0.0], [5.0, 7.0, -2.0], [6.0, 5.0, -4.0]]]]),
        what=f"{what}[0]",
        hint="Lay the kernel, times the upstream gradient, where each window was, and add up.",
    )


def test_max_pool_worked(submission: Submission) -> None:
    """Windows of two, and overlapping windows of two with stride one.

    Catches mistakes: pool_backward_mean, pool_backward_overwrites, pool_mean.
    """
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 7.0]]]])
    assert_close(
        submission.max_pool_forward(x, 2, 2),
        np.array([[[[5.0, 8.0]]]]),
        what="max_pool_forward([[1, 5, 2, 0], [3, 4, 8, 7]], 2, 2)",
    )
    assert_close(
        submission.max_pool_backward(np.array([[[[10.0, 20.0]]]]), x, 2, 2),
        np.array([[[[0.0, 10.0, 0.0, 0.0], [0.0, 0.0, 20.0, 0.0]]]]),
        what="max_pool_backward([[10, 20]], [[1, 5, 2, 0], [3, 4, 8, 7]], 2, 2)",
        hint="Only the largest pixel of each window has a say.",
    )
    assert_close(
        submission.max_pool_backward(np.array([[[[1.0, 2.0, 4.0]]]]), x, 2, 1),
        np.array([[[[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 6.0, 0.0]]]]),
        what="max_pool_backward([[1, 2, 4]], [[1, 5, 2, 0], [3, 4, 8, 7]], 2, 1)",
        hint="The 8 is the largest of two windows and gets the gradient of both.",
    )


def test_sobel_worked(submission: Submission) -> None:
    """Ramps and an edge.

    Catches mistakes: sobel_not_weighted, sobel_sum_of_sizes, sobel_without_root,
    sobel_one_direction, sobel_same_size.
    """
    rows, columns = np.mgrid[:4, :5].astype(float)
    assert_close(
        submission.sobel(columns),
        np.full((2, 3), 8.0),
        what="sobel of a 4 by 5 ramp that rises by 1 a column",
        hint="(1 + 2 + 1) * (1 + 1). Only whole windows count: two rows and columns less.",
    )
    assert_close(
        submission.sobel(3.0 * columns - 4.0 * rows),
        np.full((2, 3), 40.0),
        what="sobel of a 4 by 5 ramp that rises by 3 a column and falls by 4 a row",
        hint="The two filters give 24 and -32. How long is that vector?",
    )
    edge = np.where(columns < 2, 0.0, 1.0)
    expected = np.array([[4.0, 4.0, 0.0], [4.0, 4.0, 0.0]])
    assert_close(submission.sobel(edge), expected, what="sobel of an edge")


def test_batch_norm_worked(submission: Submission) -> None:
    """Mean 4, variance 9 and eps 16: the root is 5.

    Catches mistakes: norm_unbiased_in_batch, norm_running_biased, norm_momentum_swapped,
    norm_eps_outside_root, norm_batch_at_test.
    """
    x = np.array([[[[1.0, 7.0]]], [[[7.0, 1.0]]]])
    running = {"mean": np.array([8.0]), "var": np.array([4.0])}
    gamma, beta = np.array([10.0]), np.array([1.0])
    case = "x of 1, 7, 7, 1, gamma=10, beta=1, running mean 8 and var 4"
    what = f"batch_norm_forward({case}, True, momentum=0.25, eps=16)"
    out, after = submission.batch_norm_forward(
        x, gamma, beta, running, training=True, momentum=0.25, eps=16.0
    )
    assert_close(
        out,
        np.array([[[[-5.0, 7.0]]], [[[7.0, -5.0]]]]),
        what=f"{what}[0]",
        hint="10 * (1 - 4) / sqrt(9 + 16) + 1: the variance divides by n.",
    )
    zero = np.zeros(0)
    assert_close(
        after.get("mean", zero),
        np.array([7.0]),
        what=f"{what}[1]['mean']",
        hint="0.75 * 8 + 0.25 * 4: momentum is the share of the new.",
    )
    assert_close(
        after.get("var", zero),
        np.array([6.0]),
        what=f"{what}[1]['var']",
        hint="0.75 * 4 + 0.25 * 12: what is remembered divides by n - 1.",
    )
    out, _ = submission.batch_norm_forward(x, gamma, beta, running, training=False, eps=21.0)
    assert_close(
        out,
        np.array([[[[-13.0, -1.0]]], [[[-1.0, -13.0]]]]),
        what=f"batch_norm_forward({case}, False, eps=21)[0]",
        hint="10 * (1 - 8) / sqrt(4 + 21) + 1: at test time the running statistics count.",
    )


def test_vgg16_totals(submission: Submission) -> None:
    """138 million weights, and 15.2 million activations where the slide says 24.

    Catches mistakes: lecture2_activations, vgg_activations_in_bytes, vgg_activations_one_channel,
    vgg_biases_counted, vgg_channels_of_output, vgg_first_fc_without_area, vgg_input_forgotten,
    vgg_without_input_channels, vgg_without_kernel_area.
    """
    table = submission.vgg16_table()
    assert_equal(len(table), 22, what="the number of rows of vgg16_table()")
    assert_equal(
        sum(int(row[3]) for row in table),
        138_344_128,
        what="the sum of the weights in vgg16_table()",
        hint="A filter has 3 * 3 * input channels weights. Biases are not counted.",
    )
    assert_equal(
        sum(int(row[2]) for row in table),
        15_237_608,
        what="the sum of the activations in vgg16_table()",
        hint="Height times width times channels, for every row. The slide's total is not its sum.",
    )


def test_shift_worked(submission: Submission) -> None:
    """One small image in four directions.

    Catches mistakes: shift_wraps_around, shift_repeats_the_border, shift_the_other_way,
    shift_axes_swapped.
    """
    image = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    for dx, dy, expected in [
        (1, 0, [[0, 1, 2], [0, 4, 5]]),
        (-2, 0, [[3, 0, 0], [6, 0, 0]]),
        (0, 1, [[0, 0, 0], [1, 2, 3]]),
        (-1, -1, [[5, 6, 0], [0, 0, 0]]),
        (0, 0, [[1, 2, 3], [4, 5, 6]]),
    ]:
        got = submission.shift(image, dx, dy)
        what = f"shift([[[1, 2, 3], [4, 5, 6]]], {dx}, {dy})"
        assert_close(got, np.array([expected], dtype=float), what=what)


def test_cnn_learns(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """The plain network's accuracy on images it has not seen: a fifth of the training images.

    Catches mistakes: fit_ascends, fit_stops_early, fit_labels_misaligned.
    """
    count, epochs = (len(dataset.x_train), 15) if dataset.name == "digits" else (12_500, 3)
    x = (dataset.x_train[:count, None] / dataset.max_value).astype(np.float32)
    y, kept = dataset.y_train[:count], count - count // 5
    n_classes = int(y.max()) + 1
    model = submission.build_cnn(1, x.shape[-1], n_classes, batch_norm=False, dropout=0.0)
    history = submission.fit(
        model,
        *(Tensor(x[:kept]), Tensor(y[:kept])),
        epochs=epochs,
        batch_size=32,
        seed=int(rng.integers(2**31)),
        device=device,
    )
    predicted = np.asarray(submission.predict(model, Tensor(x[kept:])))
    is_usable = predicted.shape == y[kept:].shape
    right = predicted == y[kept:] if is_usable else np.zeros(len(y) - kept, dtype=bool)
    loss = history.get("loss", ())
    curves = {"yours": loss if isinstance(loss, list | tuple) else ()}
    if REFERENCE_LOSS[dataset.name]:
        curves["reference"] = REFERENCE_LOSS[dataset.name]
    show_curves(f"training loss on {dataset.name}", curves, x="epoch", y="training loss")
    if is_usable:
        wrong = np.flatnonzero(~right)[:16]
        captions = [f"{y[kept + i]} as {predicted[i]}" for i in wrong]
        show_images("taken for another", x[kept + wrong, 0], captions=captions)
    assert_at_least(
        float(right.mean()),
        bars["plain"],
        what=f"accuracy on {dataset.name} that fit has not seen, plain CNN, {epochs} epochs",
        hint="Plot the training loss of each epoch: it has to fall.",
    )
