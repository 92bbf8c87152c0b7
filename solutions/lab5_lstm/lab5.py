"""Reference solution of lab 5: the LSTM and words. The docstrings are in the stub."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


def cooccurrence(sentences: Sequence[str], window: int = 1) -> tuple[list[str], Labels]:
    """See the stub."""
    tokens = [sentence.replace(".", " . ").split() for sentence in sentences]
    # A dict keeps the order in which its keys came in: first appearance.
    index = {word: 0 for sentence in tokens for word in sentence}
    index = {word: place for place, word in enumerate(index)}
    counts = np.zeros((len(index), len(index)), dtype=np.int64)
    for sentence in tokens:
        for place, word in enumerate(sentence):
            for other in sentence[place + 1 : place + 1 + window]:
                # Looking to the right only finds each pair once; it counts in both directions.
                counts[index[word], index[other]] += 1
                counts[index[other], index[word]] += 1
    return list(index), counts


def word_vectors(counts: Array, k: int) -> Array:
    """See the stub."""
    left, singular, _ = np.linalg.svd(np.asarray(counts, dtype=np.float64))
    return left[:, :k] * singular[:k]  # (words, k); the singular values come largest first


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    """See the stub."""
    index = {word: place for place, word in enumerate(words)}
    query = vectors[index[b]] - vectors[index[a]] + vectors[index[c]]  # (k,)
    # The length of the query is the same for all words and cannot change which one wins.
    cosines = vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    # Without this the answer would nearly always be b or c: they are part of the query.
    cosines[[index[a], index[b], index[c]]] = -np.inf
    return words[int(np.argmax(cosines))]


def sigmoid(x: Array) -> Array:
    """Squash into (0, 1); tanh never overflows, so this does not either."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def rnn_step(x: Array, hidden: Array, w_x: Array, w_h: Array, bias: Array) -> Array:
    """See the stub."""
    return np.tanh(x @ w_x.T + hidden @ w_h.T + bias)  # (batch, hidden)


def gates(
    x: Array, hidden: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array, Array]:
    """Compute the input, forget, cell and output gate, each (batch, hidden)."""
    # One product for all four gates: their rows stand below each other in the weights.
    i, f, g, o = np.split(x @ w_ih.T + hidden @ w_hh.T + bias, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def lstm_step(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array]:
    """See the stub."""
    i, f, g, o = gates(x, hidden, w_ih, w_hh, bias)
    # Where f is 1 and i is 0 the cell passes through unchanged: that is the memory.
    new_cell = f * cell + i * g
    return o * np.tanh(new_cell), new_cell


def lstm_forward(
    x: Array, hidden: Array, cell: Array, w_ih: Array, w_hh: Array, bias: Array
) -> tuple[Array, Array, Array]:
    """See the stub."""
    batch, time, _ = x.shape
    outputs = np.empty((batch, time, hidden.shape[1]))
    for t in range(time):  # the only loop: a step needs the one before it, examples do not
        hidden, cell = lstm_step(x[:, t], hidden, cell, w_ih, w_hh, bias)
        outputs[:, t] = hidden
    return outputs, hidden, cell


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
    """See the stub."""
    i, f, g, o = gates(x, hidden, w_ih, w_hh, bias)
    squashed = np.tanh(f * cell + i * g)
    # The new cell is used twice: by the new hidden state and by the next step. Both gradients add.
    grad_new_cell = grad_cell + grad_hidden * o * (1.0 - squashed**2)
    grad_gates = np.hstack(  # (batch, 4 hidden), before the sigmoids and the tanh
        [
            grad_new_cell * g * i * (1.0 - i),
            grad_new_cell * cell * f * (1.0 - f),
            grad_new_cell * i * (1.0 - g**2),
            grad_hidden * squashed * o * (1.0 - o),
        ]
    )
    return (
        grad_gates @ w_ih,
        grad_gates @ w_hh,
        grad_new_cell * f,  # no weight and no squashing on this path: why an LSTM remembers
        grad_gates.T @ x,
        grad_gates.T @ hidden,
        grad_gates.sum(axis=0),
    )


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    """See the stub."""
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    # One factor for all tensors: the step becomes shorter and keeps its direction.
    factor = max_norm / norm if norm > max_norm else 1.0
    return [grad * factor for grad in grads], norm


class LSTMClassifier(nn.Module):
    """An LSTM that reads a sequence, and an affine layer on its last real hidden state."""

    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        """Start with PyTorch's weights, but with a forget gate that is more open than shut."""
        super().__init__()
        self.lstm = nn.LSTM(n_in, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n_classes)
        with torch.no_grad():
            # PyTorch has two biases that are added up; together they are to be 1.
            self.lstm.bias_ih_l0[hidden : 2 * hidden] = 1.0
            self.lstm.bias_hh_l0[hidden : 2 * hidden] = 0.0

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Give logits (batch, n_classes) from x (batch, time, n_in) and lengths (batch,)."""
        outputs, _ = self.lstm(x)  # (batch, time, hidden); no state is passed: it starts at 0
        if lengths is None:
            return self.out(outputs[:, -1])
        # An LSTM reads from left to right, so what follows the last real step cannot reach it.
        return self.out(outputs[torch.arange(len(x), device=x.device), lengths.to(x.device) - 1])


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    """See the stub."""
    return LSTMClassifier(n_in, hidden, n_classes)


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
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)  # on the CPU: the same order on every device
    model.to(device).train()
    x, y = x.to(device), y.to(device)
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    stepper = kinds[optimizer](model.parameters(), lr=learning_rate)
    history: dict[str, list[float]] = {"loss": [], "accuracy": []}
    for _ in range(epochs):
        loss_sum, right = torch.zeros((), device=device), torch.zeros((), device=device)
        for batch in torch.randperm(len(x), generator=generator).split(batch_size):
            logits = model(x[batch], None if lengths is None else lengths[batch])
            loss = functional.cross_entropy(logits, y[batch])
            stepper.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            stepper.step()
            # Weighted by its size: the last batch may be short. detach: keep numbers, not graphs.
            loss_sum += loss.detach() * len(batch)
            right += (logits.argmax(dim=1) == y[batch]).sum()
        history["loss"].append(loss_sum.item() / len(x))
        history["accuracy"].append(right.item() / len(x))
    return history


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """See the stub."""
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    parts = [
        model(x[rows].to(device), None if lengths is None else lengths[rows]).argmax(dim=1).cpu()
        for rows in torch.arange(len(x)).split(1024)
    ]
    model.train(was_training)
    return torch.cat(parts) if parts else torch.zeros(0, dtype=torch.int64)


def adding_batch(length: int, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """See the stub."""
    rows, half = np.arange(n), length // 2
    values, marks = rng.random((n, length)), np.zeros((n, length))
    first, second = rng.integers(0, half, size=n), rng.integers(half, length, size=n)
    marks[rows, first] = marks[rows, second] = 1.0
    x = np.stack([values, marks], axis=2).astype(np.float32)  # (n, length, 2)
    return x, (x[..., 0] * x[..., 1]).sum(axis=1)


def fit_adding(
    length: int, *, steps: int = 1000, seed: int = 0, device: str = "cpu"
) -> tuple[nn.Module, list[float]]:
    """See the stub."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = build_lstm_classifier(2, 32, 1).to(device)  # one "class": a number
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(steps):
        # New sequences at every step: there is nothing to overfit.
        x, target = (torch.from_numpy(array).to(device) for array in adding_batch(length, 64, rng))
        loss = functional.mse_loss(model(x)[:, 0], target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return model, losses


@torch.no_grad()
def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    device = next(model.parameters()).device
    return model(x.to(device))[:, 0].cpu()


class SentimentModel(nn.Module):
    """Word vectors, learned with everything else, in front of the LSTM classifier."""

    def __init__(self, words: Sequence[str]) -> None:
        """Number the words from 1; 0 is for padding and for words never seen."""
        super().__init__()
        self.index = {word: place for place, word in enumerate(words, 1)}
        self.vectors = nn.Embedding(len(words) + 1, 16)
        self.classifier = build_lstm_classifier(16, 32, 2)

    def encode(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Turn sentences into word numbers (batch, longest), padded with 0, and lengths."""
        numbers = [[self.index.get(word, 0) for word in sentence.split()] for sentence in sentences]
        lengths = torch.tensor([max(1, len(row)) for row in numbers])  # an empty one has a padding
        padded = torch.zeros(len(numbers), int(lengths.max()), dtype=torch.int64)
        for place, row in enumerate(numbers):
            padded[place, : len(row)] = torch.tensor(row)
        return padded, lengths

    def forward(self, numbers: Tensor, lengths: Tensor) -> Tensor:
        """Give logits (batch, 2)."""
        return self.classifier(self.vectors(numbers), lengths)


def fit_sentiment(
    sentences: Sequence[str], labels: Labels, *, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """See the stub."""
    torch.manual_seed(seed)
    model = SentimentModel(sorted({word for sentence in sentences for word in sentence.split()}))
    numbers, lengths = model.encode(sentences)
    fit(
        model,
        numbers,
        torch.as_tensor(labels),
        lengths=lengths,
        epochs=15,
        batch_size=32,
        learning_rate=1e-2,
        seed=seed,
        device=device,
    )
    return model


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    """See the stub."""
    if not sentences:
        return torch.zeros(0, dtype=torch.int64)
    return predict(model, *model.encode(sentences))
