"""Hidden checks of lab 4: the layers by hand. One function per rubric line, test_<check id>.

All sizes of a case differ, so that an exchanged axis shows as a wrong shape.
"""

import numpy as np
import torch
from oracle_lab4 import sobel, with_gradients
from torch.nn import functional as F  # noqa: N812  the name everybody uses

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_memory_ratio,
    assert_raises,
    assert_time_ratio,
    assert_unchanged,
)

# images, their channels, height, width; filters, kernel height, width; stride, padding
CONVOLUTIONS = [
    ((7, 3, 8, 11), (5, 3, 2), 1, 0),
    ((3, 2, 7, 6), (4, 3, 3), 1, 1),
    ((2, 3, 9, 8), (5, 3, 3), 2, 1),
    ((1, 2, 10, 7), (3, 2, 4), 3, 2),  # rows and columns at the end that no window reaches
    ((2, 1, 5, 4), (3, 5, 4), 2, 0),  # one window
    ((2, 4, 5, 3), (6, 1, 1), 1, 0),
]
POOLS = [((3, 2, 6, 8), 2, 2), ((2, 3, 7, 9), 3, 2), ((1, 5, 8, 7), 2, 3), ((2, 1, 5, 5), 5, 1)]


def test_output_size_random(submission: Submission, rng: np.random.Generator) -> None:
    """As many positions as can be counted, and an error where there is none.

    Catches mistakes: output_size_rounds_up, output_size_padding_once, output_size_no_error.
    """
    cases = [(32, 5, 1, 2), (224, 7, 2, 3), (11, 11, 4, 0), (5, 2, 3, 1), (10, 3, 2, 0)]
    for _ in range(12):
        kernel, stride, padding = (int(rng.integers(1, 8)) for _ in range(3))
        cases.append((int(rng.integers(kernel, 60)), kernel, stride, padding))
    got, expected = [], []
    for size, kernel, stride, padding in cases:
        got.append(submission.output_size(size, kernel, stride, padding))
        starts = range(0, size + 2 * padding, stride)
        expected.append(sum(start + kernel <= size + 2 * padding for start in starts))
    assert_equal(got, expected, what="output_size(size, kernel, stride, padding) of many cases")
    impossible = [(4, 7, 1, 1), (3, 4, 2, 0), (5, 0, 1, 0), (5, 3, 0, 0), (5, 3, 1, -1)]
    whats = [
        "output_size of a kernel larger than the padded input",
        "output_size of a kernel larger than the input, with stride 2",
        "output_size with kernel 0",
        "output_size with stride 0",
        "output_size with a negative padding",
    ]
    for case, what in zip(impossible, whats, strict=True):
        assert_raises(submission, "output_size", *case, kind="ValueError", what=what)


def test_conv2d_forward_random(submission: Submission, rng: np.random.Generator) -> None:
    """Right for odd sizes, oblong images and kernels, any stride and padding.

    Catches mistakes: lecture3_flipped_kernel, conv_padding_off_by_one, conv_padding_ignored,
    conv_edge_padding, conv_stride_ignored, conv_bias_per_pixel, conv_bias_forgotten,
    conv_channels_reversed, conv_kernel_transposed, conv_pads_in_place.
    """
    for shape, (filters, height, width), stride, padding in CONVOLUTIONS:
        x = rng.normal(size=shape)
        weights = rng.normal(size=(filters, shape[1], height, width))
        bias = rng.normal(size=filters)
        expected = F.conv2d(*map(torch.tensor, (x, weights, bias)), stride, padding).numpy()
        assert_close(
            submission.conv2d_forward(x, weights, bias, stride=stride, padding=padding),
            expected,
            what="conv2d_forward(x, weights, bias, stride, padding)",
        )
    assert_unchanged(
        submission,
        *("conv2d_forward", x, weights, bias),
        what="conv2d_forward(x, weights, bias)",
    )


def test_conv2d_backward_random(submission: Submission, rng: np.random.Generator) -> None:
    """All three gradients for a random upstream gradient.

    Catches mistakes: conv_backward_averaged, conv_backward_bias_averaged,
    conv_backward_kernel_flipped, conv_backward_ones, conv_backward_overlap_lost,
    conv_backward_padding_kept, conv_backward_stride_ignored, conv_backward_x_without_padding.
    """
    for shape, (filters, height, width), stride, padding in CONVOLUTIONS:
        x = rng.normal(size=shape)
        weights = rng.normal(size=(filters, shape[1], height, width))
        _, grad_out, expected = with_gradients(
            lambda *at, s=stride, p=padding: F.conv2d(*at, stride=s, padding=p),
            lambda size: rng.normal(size=size),
            *(x, weights, np.zeros(filters)),
        )
        grads = submission.conv2d_backward(grad_out, x, weights, stride=stride, padding=padding)
        names = ("grad_x", "grad_weights", "grad_bias")
        for place in (2, 1, 0):  # the easiest first
            assert_close(
                grads[place],
                expected[place],
                what=f"conv2d_backward(grad_out, x, weights, stride, padding)[{place}], "
                f"{names[place]},",
            )
    assert_unchanged(
        submission,
        *("conv2d_backward", grad_out, x, weights, stride, padding),
        what="conv2d_backward(grad_out, x, weights, stride, padding)",
    )


def test_conv2d_time(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """No Python loop over images, pixels or filters.

    CPU time of correct programs over the reference's: see second_solutions. Six loops: hundreds.

    Catches mistake: conv_six_loops.
    """
    x, weights = rng.normal(size=(16, 4, 20, 20)), rng.normal(size=(8, 4, 3, 3))
    grad_out = rng.normal(size=(16, 8, 20, 20))
    calls = [
        ("conv2d_forward", (x, weights, rng.normal(size=8), 1, 1), "(x, weights, bias, 1, 1)"),
        ("conv2d_backward", (grad_out, x, weights, 1, 1), "(grad_out, x, weights, 1, 1)"),
    ]
    for name, args, words in calls:
        assert_time_ratio(
            submission,
            reference,
            name,
            *args,
            at_most=8.0,
            fail_above=16.0,
            what=f"{name}{words}",
            hint="Loop over the few places of the kernel at most; leave pixels to one product.",
        )


def test_conv2d_memory(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """At most five times the reference's memory, most of which is one copy of all windows, 42 MiB.

    Correct programs: 0.4 to 1.1 times. Every product of a window with a filter: nearly ten times.

    Catches mistake: conv_every_product.
    """
    x, weights = rng.normal(size=(48, 3, 66, 66)), rng.normal(size=(32, 3, 3, 3))
    assert_memory_ratio(
        submission,
        reference,
        "conv2d_forward",
        x,
        weights,
        rng.normal(size=32),
        at_most=5.0,
        what="conv2d_forward(x, weights, bias)",
        hint="A matrix product adds up as it goes; a product of arrays keeps every term.",
    )


def test_max_pool_random(submission: Submission, rng: np.random.Generator) -> None:
    """Overlapping windows, gaps and leftover rows; no two pixels are equal.

    Catches mistakes: pool_mean, pool_stride_ignored, pool_keeps_leftovers,
    pool_backward_overwrites, pool_backward_mean.
    """
    for shape, size, stride in POOLS:
        x = rng.permutation(np.prod(shape)).reshape(shape) / 7.0 - 5.0
        out, grad_out, (grad_x,) = with_gradients(
            lambda at, k=size, s=stride: F.max_pool2d(at, k, s),
            lambda size: rng.normal(size=size),
            x,
        )
        assert_close(
            submission.max_pool_forward(x, size, stride),
            out,
            what="max_pool_forward(x, size, stride)",
        )
        assert_close(
            submission.max_pool_backward(grad_out, x, size, stride),
            grad_x,
            what="max_pool_backward(grad_out, x, size, stride)",
        )
    assert_unchanged(
        submission,
        *("max_pool_backward", grad_out, x, size, stride),
        what="max_pool_backward(grad_out, x, size, stride)",
    )


def test_max_pool_ties(submission: Submission, rng: np.random.Generator) -> None:
    """Among equals the first one, row by row, gets the whole gradient.

    Catches mistakes: pool_ties_all, pool_ties_by_columns, pool_ties_last, pool_ties_shared.
    """
    for shape, size, stride in POOLS:
        x = np.maximum(rng.integers(-3, 3, size=shape), 0).astype(float)  # as behind a ReLU
        grad_out = rng.normal(
            size=(*shape[:2], *((length - size) // stride + 1 for length in shape[2:]))
        )
        expected = np.zeros(shape)
        for n, c, i, j in np.ndindex(grad_out.shape):
            window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
            row, column = next(at for at in np.ndindex(window.shape) if window[at] == window.max())
            expected[n, c, i * stride + row, j * stride + column] += grad_out[n, c, i, j]
        assert_close(
            submission.max_pool_backward(grad_out, x, size, stride),
            expected,
            what="max_pool_backward(grad_out, x, size, stride), x with equal pixels,",
        )


def test_sobel_random(submission: Submission, rng: np.random.Generator) -> None:
    """Oblong images, negative numbers, and whole numbers of 8 bits.

    Catches mistakes: sobel_sum_of_sizes, sobel_wraps_around, sobel_signs_of_one_row.
    """
    for shape in ((7, 11), (3, 3), (13, 4)):
        image = rng.normal(size=shape)
        assert_close(submission.sobel(image), sobel(image), what="sobel(image)")
    image = rng.integers(0, 256, size=(9, 8), dtype=np.uint8)
    assert_close(
        submission.sobel(image),
        sobel(image),
        what="sobel(image) of uint8",
        hint="255 + 1 is 0 in uint8. Which dtype should the sums have?",
    )


def test_batch_norm_forward_random(submission: Submission, rng: np.random.Generator) -> None:
    """Output and running statistics in both modes.

    Catches mistakes: norm_unbiased_in_batch, norm_running_biased, norm_momentum_swapped,
    norm_eps_outside_root, norm_per_pixel, norm_batch_at_test, norm_running_moves_at_test,
    norm_running_in_place, norm_layer_norm.
    """
    cases = [((7, 3, 5, 2), 0.1, 1e-5), ((2, 5, 1, 3), 0.3, 1e-3), ((1, 2, 3, 4), 0.1, 1e-5)]
    for shape, momentum, eps in cases:
        channels = shape[1]
        spread = np.geomspace(0.02, 5.0, channels)[:, None, None]  # eps shows where it is small
        x = rng.normal(size=shape) * spread + rng.normal(size=(channels, 1, 1))
        gamma, beta = rng.normal(size=(2, channels))
        running = {"mean": rng.normal(size=channels), "var": rng.uniform(0.5, 2.0, channels)}
        for training in (True, False):
            mean, var = (torch.tensor(running[key].copy()) for key in ("mean", "var"))
            out = F.batch_norm(
                *(torch.tensor(x), mean, var, torch.tensor(gamma), torch.tensor(beta)),
                *(training, momentum, eps),
            )
            got, after = submission.batch_norm_forward(
                x, gamma, beta, running, training, momentum=momentum, eps=eps
            )
            what = f"batch_norm_forward(x, gamma, beta, running, {training}, momentum, eps)"
            assert_close(got, out.numpy(), what=f"{what}[0]")
            assert_equal(sorted(map(str, after)), ["mean", "var"], what=f"the keys of {what}[1]")
            for key, wanted in (("mean", mean), ("var", var)):
                number = after.get(key)
                array = number if isinstance(number, np.ndarray) else np.zeros(0)
                assert_close(array, wanted.numpy(), what=f"{what}[1]['{key}']")
        assert_unchanged(
            submission,
            *("batch_norm_forward", x, gamma, beta, running, True),
            what="batch_norm_forward(x, gamma, beta, running, True)",
        )


def test_batch_norm_backward_random(submission: Submission, rng: np.random.Generator) -> None:
    """All three gradients for a random upstream gradient.

    Catches mistakes: norm_backward_averaged, norm_backward_constants, norm_backward_eps_fixed,
    norm_backward_gamma_forgotten, norm_backward_gamma_of_x, norm_backward_without_mean,
    norm_backward_without_variance.
    """
    for shape, eps in [((7, 3, 5, 2), 1e-5), ((2, 5, 4, 3), 1e-1), ((1, 2, 3, 4), 1e-5)]:
        x = rng.normal(size=shape) * rng.uniform(0.5, 3.0, (shape[1], 1, 1)) + 2.0
        gamma = rng.normal(size=shape[1])
        _, grad_out, expected = with_gradients(
            lambda a, g, b, eps=eps: F.batch_norm(a, None, None, g, b, training=True, eps=eps),
            lambda size: rng.normal(size=size),
            *(x, gamma, np.zeros(shape[1])),
        )
        grads = submission.batch_norm_backward(grad_out, x, gamma, eps=eps)
        names = ("grad_x", "grad_gamma", "grad_beta")
        for place in (2, 1, 0):
            assert_close(
                grads[place],
                expected[place],
                what=f"batch_norm_backward(grad_out, x, gamma, eps)[{place}], {names[place]},",
            )


def vgg16_rows() -> list[tuple[str, tuple[int, int, int], int, int]]:
    """Lecture 2's table from its five stages: name, shape, activations, weights."""
    rows: list[tuple[str, tuple[int, int, int], int, int]] = [("INPUT", (3, 224, 224), 150528, 0)]
    before = 3
    stages = [(64, 224, 2), (128, 112, 2), (256, 56, 3), (512, 28, 3), (512, 14, 3)]
    for filters, size, count in stages:
        for _ in range(count):
            shape = (filters, size, size)
            rows.append((f"CONV3-{filters}", shape, filters * size**2, 3 * 3 * before * filters))
            before = filters
        half = size // 2
        rows.append(("POOL2", (filters, half, half), filters * half**2, 0))
    for n_in, n_out in ((25088, 4096), (4096, 4096), (4096, 1000)):
        rows.append(("FC", (n_out, 1, 1), n_out, n_in * n_out))
    return rows


WEIGHTS_HINTS = {
    "INPUT": "An image has nothing to learn.",
    "CONV": "One number for each pixel of a window, each channel of the row above and each filter; "
    "biases are not counted.",
    "POOL": "What does taking the largest of four pixels have to learn?",
    "FC": "Each unit sees every number of the row above. How many are there?",
}


def vgg16_hints(kind: str) -> dict[str, str]:
    """Give for each column what to think about where it is wrong.

    Args:
        kind: How the row's name begins; a key of WEIGHTS_HINTS.
    """
    shape = "A unit that sees everything has no place: height and width are 1."
    if kind != "FC":
        shape = "Channels first. Only a pooling changes height and width, only a convolution the "
        shape += "channels. How often has the size been halved up to here?"
    return {
        "name": "The slide's rows from the top: is one missing, or one too many, above this one? "
        "The names are those of the statement.",
        "shape": shape,
        "number of activations": "How many numbers of this row's own shape are kept? Numbers, not "
        "bytes.",
        "number of weights": WEIGHTS_HINTS[kind],
    }


def test_vgg16_rows(submission: Submission) -> None:
    """Every row: name, shape, activations, weights; the first wrong one is told.

    Catches mistakes: vgg_activations_in_bytes, vgg_activations_one_channel, vgg_biases_counted,
    vgg_channels_last, vgg_channels_of_output, vgg_first_fc_without_area, vgg_input_forgotten,
    vgg_pooled_once_too_often, vgg_without_kernel_area.
    """
    rows, table = vgg16_rows(), submission.vgg16_table()
    for place, column in enumerate(vgg16_hints("FC")):
        got = [tuple(row[1]) if place == 1 else row[place] for row in table]
        wanted = [row[place] for row in rows]
        pairs = enumerate(zip(got, wanted, strict=False))
        unequal = (n for n, (ours, right) in pairs if not np.array_equal(ours, right))
        number = next(unequal, min(len(table), len(rows) - 1))  # all rows that are there are right
        name = rows[number][0]
        assert_equal(
            got,
            wanted,
            what=f"the {column} in row {number + 1} of vgg16_table(), {name},",
            hint=vgg16_hints(name.partition("3-")[0].removesuffix("2"))[column],
        )
