"""Lab 5: the LSTM and words.

Replace each ``raise NotImplementedError`` and nothing else; helper functions and classes of your
own are welcome. ``movie_reviews`` is given. The README has the equations. The first nine functions
are NumPy by hand, the others PyTorch; wherever an LSTM has weights, they lie as in torch.nn.LSTM:
(4 hidden, n_in) and (4 hidden, hidden), the gates below each other in the order i, f, g, o.
Source: Hochreiter and Schmidhuber (1997), Long short-term memory, Neural Computation 9.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


def cooccurrence(sentences: Sequence[str], window: int = 1) -> tuple[list[str], Labels]:
    """Count which words stand near each other: lecture 2's table.

        counts[i, j] = number of pairs of places (p, q) of one sentence with p != q,
                       |p - q| <= window, word i at p and word j at q

    Args:
        sentences: Texts. Words are separated by spaces and kept as they are written; each full stop
            is a word of its own, also where it sticks to the word before it.
        window: How many places apart two words may be. 1 means neighbours.

    Returns:
        The words in order of first appearance, and counts (words, words) int64, symmetric.

    Checked by cooccurrence_lecture2 and cooccurrence_windows.
    """
    raise NotImplementedError("lab5_lstm: cooccurrence")


def word_vectors(counts: Array, k: int) -> Array:
    """Give each word a vector of k numbers: the first k left singular vectors, scaled.

        counts = U diag(s) V^T,    vectors[:, j] = s[j] * U[:, j]    for the k largest s, in order

    Args:
        counts: (words, words) int64 or float64. Used as it is; not always symmetric.
        k: Numbers a word, from 1 to the number of words.

    Returns:
        (words, k) float64. The sign of each column is free.

    Checked by word_vectors_worked and word_vectors_random.
    """
    raise NotImplementedError("lab5_lstm: word_vectors")


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    """Answer a : b :: c : ? with the word whose vector points most nearly as b - a + c does.

    Args:
        a: A word, such as "man".
        b: Its partner, such as "woman".
        c: The word to find a partner for, such as "king".
        words: All words.
        vectors: (words, k) float64, none of them all zeros; used as they are in b - a + c.

    Returns:
        The word with the largest cosine; never a, b or c.

    Checked by analogy_worked and analogy_random.
    """
    raise NotImplementedError("lab5_lstm: analogy")


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    """Make one step of a plain recurrent network, with tanh.

    Args:
        x: (batch, n_in) float64.
        hidden: (batch, hidden) float64, the state before the step.
        w_x: (hidden, n_in) float64, one row a unit, as in torch.nn.RNNCell.
        w_h: (hidden, hidden) float64, one row a unit.
        bias: (hidden,) float64.

    Returns:
        The new hidden state, (batch, hidden) float64.

    Checked by rnn_step_worked and rnn_step_random.
    """
    raise NotImplementedError("lab5_lstm: rnn_step")


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    """Make one step of an LSTM. Biases of -1e4 and 1e4 must work.

    Args:
        x: (batch, n_in) float64.
        hidden: (batch, hidden) float64, the hidden state before the step.
        cell: (batch, hidden) float64, the cell before the step.
        w_ih: (4 hidden, n_in) float64. Rows: input gate i, forget gate f, candidate g, output
            gate o, `hidden` rows each, as in torch.nn.LSTMCell.
        w_hh: (4 hidden, hidden) float64, the same rows.
        bias: (4 hidden,) float64, the same order.

    Returns:
        The new hidden state and the new cell, (batch, hidden) float64 each.

    Checked by lstm_step_worked and lstm_step_random.
    """
    raise NotImplementedError("lab5_lstm: lstm_step")


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    """Run an LSTM over whole sequences.

    Args:
        x: (batch, time, n_in) float64.
        hidden: (batch, hidden) float64, the hidden state before the first step.
        cell: (batch, hidden) float64, the cell before the first step.
        w_ih: (4 hidden, n_in) float64, as in lstm_step.
        w_hh: (4 hidden, hidden) float64.
        bias: (4 hidden,) float64.

    Returns:
        The hidden state after each step, (batch, time, hidden); the last hidden state and the
        last cell, (batch, hidden) each; all float64.

    Checked by lstm_forward_random and lstm_forward_time.
    """
    raise NotImplementedError("lab5_lstm: lstm_forward")


def lstm_step_backward(
    grad_hidden: Array,
    grad_cell: Array,
    x: Array,
    hidden: Array,
    cell: Array,
    w_ih: Array,
    w_hh: Array,
    bias: Array,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Carry the gradient of the loss from what one LSTM step gave back to all it was given.

    Args:
        grad_hidden: (batch, hidden) float64, dloss/d(new hidden state), not through the new cell.
        grad_cell: (batch, hidden) float64, dloss/d(new cell), not through the new hidden state.
        x: (batch, n_in) float64; this and what follows are lstm_step's arguments.
        hidden: (batch, hidden) float64.
        cell: (batch, hidden) float64.
        w_ih: (4 hidden, n_in) float64.
        w_hh: (4 hidden, hidden) float64.
        bias: (4 hidden,) float64.

    Returns:
        dloss/dx, dloss/dhidden, dloss/dcell, dloss/dw_ih, dloss/dw_hh and dloss/dbias, each
        float64 in the shape of what it is the gradient of. Any mean over the batch is already in
        grad_hidden and grad_cell.

    Checked by lstm_step_gradients.
    """
    raise NotImplementedError("lab5_lstm: lstm_step_backward")


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    """Shorten gradients that are too long together, without changing their direction.

    Args:
        grads: Arrays float64 of any shapes. Nothing is changed in place; zeros must work.
        max_norm: The most that the norm of all numbers together may be. Greater than 0.

    Returns:
        New arrays, all multiplied by the same number, which is 1 if the norm is at most max_norm;
        and the norm before that, a number.

    Checked by clip_gradients_worked and clip_gradients_random.
    Source: Pascanu, Mikolov and Bengio (2013), arXiv:1211.5063, Algorithm 1.
    """
    raise NotImplementedError("lab5_lstm: clip_gradients")


def adding_batch(
    length: int, n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw sequences of the adding problem: remember two marked numbers and add them.

    Args:
        length: Steps of each sequence, 2 or more.
        n: Number of sequences.
        rng: The only source of randomness.

    Returns:
        x (n, length, 2) float32: x[:, :, 0] uniform on [0, 1), x[:, :, 1] 1 at one step among the
        first length // 2 and at one step among the others, 0 elsewhere, all steps of a half
        equally likely. And the sums of the two marked numbers, (n,) float32.

    Checked by adding_batch_form.
    Source: Hochreiter and Schmidhuber (1997), section 5.4, in a simpler form.
    """
    raise NotImplementedError("lab5_lstm: adding_batch")


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    """Build a network that reads a sequence with an LSTM and classifies it by its last state.

    The module has exactly the tensors of one nn.LSTM (or nn.LSTMCell) with `hidden` units, one bias
    or two that are added up, and of one nn.Linear from the last real hidden state to the logits.
    The forget gate's bias starts at 1 (two biases: their sum). `model(x, lengths=None)`:
        x: (batch, time, n_in) float32. The LSTM starts from zeros for every call.
        lengths: (batch,) int64, from 1 to time, in any order, or None: all of full length.
            Steps from lengths[i] on are padding and change nothing.

    Args:
        n_in: Numbers a step.
        hidden: Units of the LSTM.
        n_classes: Number of classes.

    Returns:
        The module; it gives logits (batch, n_classes) float32, no softmax.

    Checked by classifier_form, classifier_structure and classifier_lengths.
    """
    raise NotImplementedError("lab5_lstm: build_lstm_classifier")


def fit(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    lengths: Tensor | None = None,
    epochs: int,
    batch_size: int,
    optimizer: str = "adam",
    learning_rate: float = 1e-3,
    max_norm: float = 1.0,
    seed: int = 0,
    device: str = "cpu",
) -> dict[str, list[float]]:
    """Train a classifier in place, from the weights it has.

    Each epoch takes all examples once, in a new random order. A step is: mean cross-entropy of the
    batch, gradients from zero, all of them clipped together to max_norm, one update. The last
    batch may be short and is used.

    Args:
        model: Gives logits from x and lengths, as build_lstm_classifier's.
        x: (n, time, n_in) float32.
        y: (n,) int64, class indices.
        lengths: (n,) int64, or None; goes to the model with each batch.
        epochs: Times through the data.
        batch_size: Examples a step. More than n means all of them.
        optimizer: "adam" (torch.optim.Adam) or "sgd" (torch.optim.SGD), else PyTorch's defaults.
        learning_rate: Step size, constant.
        max_norm: As in clip_gradients.
        seed: The order of the examples comes from it and from nothing else.
        device: "cpu" or "cuda".

    Returns:
        {"loss": [...], "accuracy": [...]}, one number an epoch: means over its n examples, each
        example counted once, as the network was when it saw them (before that batch's step).

    Checked by fit_steps, fit_batches, fit_order and rows_accuracy.
    """
    raise NotImplementedError("lab5_lstm: fit")


def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Name the most probable class of each example.

    Args:
        model: As in fit, on any device.
        x: (n, time, n_in) float32, n of any size.
        lengths: (n,) int64, or None.

    Returns:
        (n,) int64.

    Checked by predict_labels.
    """
    raise NotImplementedError("lab5_lstm: predict")


def fit_adding(
    length: int, *, steps: int = 1000, seed: int = 0, device: str = "cpu"
) -> tuple[nn.Module, list[float]]:
    """Train an LSTM on the adding problem, with new sequences at every step.

    Args:
        length: Steps of each sequence.
        steps: Number of updates.
        seed: All randomness comes from it: starting weights and sequences.
        device: "cpu" or "cuda".

    Returns:
        The model, built by build_lstm_classifier(2, hidden, 1) with as many units as you like, its
        one logit being the answer; and the loss of each step, `steps` numbers.

    Checked by adding_solved: mean squared error at most 0.01 for 50 steps.
    """
    raise NotImplementedError("lab5_lstm: fit_adding")


def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    """Give the model's answers to the adding problem.

    Args:
        model: Any build_lstm_classifier(2, hidden, 1), trained or not.
        x: (n, time, 2) float32.

    Returns:
        (n,) float32: the model's logits as they are.

    Checked by adding_predict.
    """
    raise NotImplementedError("lab5_lstm: predict_adding")


def fit_sentiment(
    sentences: Sequence[str], labels: Labels, *, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """Learn from labelled sentences whether a sentence is good or bad.

    How is up to you; word vectors in front of an LSTM do it. Nothing is known about the words: the
    checks replace each of them by an invented one.

    Args:
        sentences: Words separated by single spaces, full stops and commas too. Lengths differ.
        labels: (sentences,) int64, 1 for good and 0 for bad.
        seed: All randomness comes from it.
        device: "cpu" or "cuda".

    Returns:
        Whatever predict_sentiment needs, as one object.

    Checked by sentiment_form and sentiment_negation.
    """
    raise NotImplementedError("lab5_lstm: fit_sentiment")


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    """Say of each sentence whether it is good or bad.

    Args:
        model: What fit_sentiment returned.
        sentences: One or more, each of at least one word. Words not seen in training may occur.

    Returns:
        (sentences,) int64, 1 for good and 0 for bad. The answer to a sentence does not depend on
        which other sentences are asked about.

    Checked by sentiment_form and sentiment_negation.
    """
    raise NotImplementedError("lab5_lstm: predict_sentiment")


def movie_reviews(n: int, rng: np.random.Generator) -> tuple[list[str], Labels]:
    """Draw labelled sentences to try fit_sentiment on. Given: nothing to write here.

    Args:
        n: Number of sentences.
        rng: The only source of randomness.

    Returns:
        n sentences and their labels (n,) int64, 1 for good and 0 for bad.
    """
    adjectives = (
        ["dull", "boring", "silly", "clumsy", "lifeless", "awful"],
        ["funny", "witty", "charming", "clever", "moving", "brilliant"],
    )
    subjects = ["the film", "this movie", "the plot", "the acting", "the story", "the ending"]
    adverbs = ["very", "really", "truly", "so", "that", "particularly"]
    plain = ["was {a}", "was {a} and {b}", "was always {a}", "was both {a} and {b}", "was {a}"]
    negated = ["was not {a}", "was not at all {a}", "was neither {a} nor {b}", "was never {a}"]
    negated.append("was far from {a}")
    joined = ["{x} .", "{x} and {z} .", "{y} but {x} ."]
    joined += ["although {y} , {x} .", "{x} although {y} ."]

    def clause(label: int) -> str:
        is_negated = int(rng.integers(2))
        kinds = adjectives[label ^ is_negated]
        words = [
            [*rng.choice(adverbs, size=int(rng.integers(3))), str(rng.choice(kinds))]
            for _ in range(2)
        ]
        a, b = (" ".join(phrase) for phrase in words)
        form = str(rng.choice(negated if is_negated else plain))
        return f"{rng.choice(subjects)} {form.format(a=a, b=b)}"

    labels = rng.integers(2, size=n)
    sentences = [
        str(rng.choice(joined)).format(x=clause(good), y=clause(1 - good), z=clause(good))
        for good in labels.tolist()
    ]
    return sentences, labels
