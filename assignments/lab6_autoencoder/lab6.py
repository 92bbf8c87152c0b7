"""Lab 6: autoencoder. PCA, sparse coding and a small autoencoder by hand, larger ones in PyTorch.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the equations. Rules for every function: examples are rows, NumPy arrays are
float64 and PyTorch tensors float32, and no argument is changed in place (a model that is trained
is).
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 14; lecture 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]


def reconstruction_error(x: Array, y: Array) -> float:
    """Half of the squared distance between examples and reconstructions, summed over all.

    Args:
        x: (N, D) float64, examples.
        y: (N, D) float64, reconstructions.

    Returns:
        A number: a sum over the batch, not a mean.

    Checked by error_worked and error_random.
    Source: lecture 3, Autoencoders.
    """
    raise NotImplementedError("lab6_autoencoder: reconstruction_error")


def pca(x: Array, k: int) -> tuple[Array, Array]:
    """Find the mean and the k orthonormal directions along which x varies most.

    Args:
        x: (N, D) float64; the mean may be anywhere. N may be below D.
        k: Number of directions, from 1 to D and below N.

    Returns:
        mean: (D,) float64.
        components: (k, D) float64, orthonormal rows, the largest variance first. Signs are free.

    Checked by pca_worked and pca_random.
    """
    raise NotImplementedError("lab6_autoencoder: pca")


def pca_reconstruct(x: Array, mean: Array, components: Array) -> Array:
    """Project examples on the directions that pca found, perhaps on other data, and come back.

    Args:
        x: (N, D) float64, any examples, also a single one.
        mean: (D,) float64.
        components: (k, D) float64, orthonormal rows.

    Returns:
        (N, D) float64, for each example the nearest point of mean plus the components' span.

    Checked by pca_worked and pca_new_data.
    """
    raise NotImplementedError("lab6_autoencoder: pca_reconstruct")


def autoencoder_forward(x: Array, w: Array, d: Array) -> Array:
    """Run lecture 3's autoencoder on each row: y = D s(W x) with the sigmoid s.

    Args:
        x: (N, D_in) float64.
        w: (H, D_in) float64, the encoder.
        d: (D_in, H) float64, the decoder. Not tied to w.

    Returns:
        (N, D_in) float64. Finite for pre-activations up to 1e4.

    Checked by autoencoder_worked and autoencoder_gradient.
    """
    raise NotImplementedError("lab6_autoencoder: autoencoder_forward")


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    """Compute the reconstruction error of autoencoder_forward and its gradients, by hand.

    Args:
        x: (N, D_in) float64, examples and targets at once.
        w: (H, D_in) float64.
        d: (D_in, H) float64.

    Returns:
        E(W, D), a number, as in reconstruction_error (a sum); dE/dw (H, D_in) and dE/dd (D_in, H),
        float64.

    Checked by autoencoder_worked and autoencoder_gradient.
    """
    raise NotImplementedError("lab6_autoencoder: autoencoder_gradients")


def l1_penalty(w: Array, strength: float) -> tuple[float, Array]:
    """Strength times the sum of absolute values, and its gradient; at 0 this course uses 0.

    Args:
        w: (*shape) float64.
        strength: 0 or more; lecture 3's alpha.

    Returns:
        A number, and dpenalty/dw, (*shape) float64.

    Checked by penalties_worked and penalties_random.
    Source: lecture 3, Parameter norm penalization.
    """
    raise NotImplementedError("lab6_autoencoder: l1_penalty")


def l2_penalty(w: Array, strength: float) -> tuple[float, Array]:
    """Strength times half of the sum of squares, and its gradient.

    Args:
        w: (*shape) float64.
        strength: 0 or more; lecture 3's alpha.

    Returns:
        A number, and dpenalty/dw, (*shape) float64.

    Checked by penalties_worked and penalties_random.
    Source: lecture 3, Parameter norm penalization.
    """
    raise NotImplementedError("lab6_autoencoder: l2_penalty")


def soft_threshold(x: Array, t: float) -> Array:
    """Move every value by t towards 0, and stop there.

    Args:
        x: (*shape) float64.
        t: 0 or more.

    Returns:
        (*shape) float64.

    Checked by soft_threshold_worked and sparse_random.
    """
    raise NotImplementedError("lab6_autoencoder: soft_threshold")


def sparse_objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    """Give what sparse coding minimises: squared error plus penalty times the absolute codes.

    Args:
        x: (N, D) float64.
        dictionary: (K, D) float64, one atom a row. K may be above D.
        codes: (N, K) float64; the reconstructions are codes @ dictionary.
        penalty: Lambda, 0 or more.

    Returns:
        A number: sums, no mean and no half, as on the slide.

    Checked by sparse_worked and sparse_random.
    Source: lecture 3, Sparse coding.
    """
    raise NotImplementedError("lab6_autoencoder: sparse_objective")


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    """Minimise sparse_objective over the codes by iterative shrinkage and thresholding.

    Start at 0. A step goes 1 / L against the gradient of half the squared error, then applies
    soft_threshold with the threshold that belongs to that step and to the whole objective. L is the
    largest eigenvalue of dictionary @ dictionary.T.

    Args:
        x: (N, D) float64.
        dictionary: (K, D) float64. The atoms may have any length.
        penalty: Lambda of sparse_objective, 0 or more.
        steps: Exactly so many; with 0 all codes are 0.

    Returns:
        (N, K) float64 codes.

    Checked by sparse_worked, ista_steps, ista_optimal and ista_time.
    Source: Daubechies, Defrise and De Mol (2004), arXiv:math/0307152.
    """
    raise NotImplementedError("lab6_autoencoder: ista")


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    """Add Gaussian noise to every entry. Nothing is clipped.

    Args:
        x: (*shape) float64.
        noise: Standard deviation, in units of x, 0 or more.
        rng: The only source of randomness. Every entry has its own draw.

    Returns:
        (*shape) float64, a new array also where noise is 0.

    Checked by corrupt_noise.
    """
    raise NotImplementedError("lab6_autoencoder: corrupt")


def build_autoencoder(
    n_in: int,
    code: int,
    hidden: int | None = None,
    linear: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> nn.Module:
    """Build an autoencoder of one of three kinds, with PyTorch's own initial weights.

    linear=True: an affine layer n_in to code, an affine layer code to n_in, no activation.
    hidden=None: lecture 3's, a sigmoid on the code; two weight matrices and no bias.
    hidden=h: affine n_in to h, ReLU, affine to code; affine to h, ReLU, affine to n_in.

    Args:
        n_in: Numbers in an example.
        code: Numbers in a code, the bottleneck.
        hidden: Units of the layer before the code and of the one after it. None with linear=True.
        linear: Whether to leave the activations out.

    Returns:
        A module whose call maps (N, n_in) float32 to the reconstruction (N, n_in) float32. Encoder
        and decoder share no weights. Its state_dict holds these weights and biases, nothing else.

    Checked by code_width, model_structure and model_code_only.
    """
    raise NotImplementedError("lab6_autoencoder: build_autoencoder")


def fit(
    model: nn.Module,
    x: Tensor,
    target: Tensor | None = None,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> list[float]:
    """Train a model to answer x with target, or with x itself.

    Loss of a batch: half of the squared distance, summed over the features, averaged over the
    examples it has. Adam with PyTorch's default betas and eps. A new random order each epoch; the
    last batch may be short and is used. The learning rate falls along a straight line: step s of S
    in all, counted from 0, uses learning_rate * (1 - s / S).

    Args:
        model: Of build_autoencoder; trained in place, and on the CPU again at the end.
        x: (N, n_in) float32.
        target: (N, n_in) float32; None means x.
        epochs: Times through the data.
        batch_size: Examples a step. More than N means all of them.
        learning_rate: Of the first step. Greater than 0.
        seed: Decides the order of the examples. Same seed and same start, same result.
        device: Where to compute, "cpu" or "cuda".

    Returns:
        One number an epoch: the mean loss of an example during that epoch.

    Checked by train_linear and fit_steps, fit_batches, fit_order and
    train_nonlinear.
    """
    raise NotImplementedError("lab6_autoencoder: fit")


def encode(model: nn.Module, x: Tensor) -> Tensor:
    """Give the code of each example.

    Args:
        model: Of build_autoencoder or fit_denoising.
        x: (N, n_in) float32.

    Returns:
        (N, code) float32, without a graph; for lecture 3's kind after the sigmoid.

    Checked by code_width, model_structure and model_code_only.
    """
    raise NotImplementedError("lab6_autoencoder: encode")


def decode(model: nn.Module, z: Tensor) -> Tensor:
    """Give the reconstruction that belongs to each code; any code, not only one from encode.

    Args:
        model: Of build_autoencoder or fit_denoising.
        z: (N, code) float32.

    Returns:
        (N, n_in) float32, without a graph.

    Checked by code_width, model_structure and model_code_only.
    """
    raise NotImplementedError("lab6_autoencoder: decode")


def fit_denoising(
    x: Tensor,
    noise: float,
    *,
    code: int = 32,
    hidden: int | None = 256,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> nn.Module:
    """Build an autoencoder and train it to give x from x plus Gaussian noise.

    Loss, optimiser, order and learning rate as in fit. The noise is drawn anew every epoch.

    Args:
        x: (N, n_in) float32, clean examples.
        noise: Standard deviation, 0 or more.
        code: As in build_autoencoder.
        hidden: As in build_autoencoder.
        epochs: Times through the data; with 0 the untrained model comes back.
        batch_size: Examples a step.
        learning_rate: Of the first step.
        seed: Decides the initial weights, the order and the noise. The weights depend on the seed
            and the sizes alone.
        device: Where to compute, "cpu" or "cuda".

    Returns:
        The trained model of build_autoencoder, on the CPU.

    Checked by denoising_steps and train_denoising.
    """
    raise NotImplementedError("lab6_autoencoder: fit_denoising")


def denoise(model: nn.Module, x: Tensor) -> Tensor:
    """Give the model's answer to noisy examples; no noise is added here.

    Args:
        model: Of fit_denoising.
        x: (N, n_in) float32.

    Returns:
        (N, n_in) float32, without a graph.

    Checked by denoising_steps and train_denoising.
    """
    raise NotImplementedError("lab6_autoencoder: denoise")


def plot_reconstructions(x: Array, y: Array) -> Figure:
    """Draw the originals in a row, and the reconstructions in a row below.

    Args:
        x: (N, height, width) float64.
        y: (N, height, width) float64.

    Returns:
        A figure with 2 N axes, one imshow in each. In figure.axes the N originals come first, then
        the N reconstructions, as subplots(2, N) makes them. The first axes of each row have a
        title or a y label.

    Checked by plot_drawn.
    """
    raise NotImplementedError("lab6_autoencoder: plot_reconstructions")
