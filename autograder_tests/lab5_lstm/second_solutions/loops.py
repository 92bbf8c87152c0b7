"""A correct solution with plain loops, LSTMCell and packed sequences."""

import collections
import copy
import math

import numpy as np
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import DataLoader, TensorDataset


def cooccurrence(sentences, window=1):
    """A counter of pairs, filled in one direction and mirrored."""
    seen, pairs = {}, collections.Counter()
    for sentence in sentences:
        row = [seen.setdefault(w, len(seen)) for w in " . ".join(sentence.split(".")).split()]
        for gap in range(1, window + 1):
            pairs.update(zip(row, row[gap:], strict=False))
    table = np.zeros((len(seen),) * 2, dtype="int64")
    for (left, right), count in pairs.items():
        table[left, right] += count
    return tuple(seen), table + table.T


def word_vectors(counts, k):
    """Eigenvectors of counts @ counts.T."""
    squares, vectors = np.linalg.eigh(counts @ counts.T * 1.0)
    best = np.argsort(-squares)[:k]
    return vectors[:, best] * np.sqrt(np.maximum(squares[best], 0))


def analogy(a, b, c, words, vectors):
    """Look at one word after the other."""
    at = {word: vector for word, vector in zip(words, vectors, strict=True)}
    query = at[b] - at[a] + at[c]
    best, winner = -math.inf, None
    for word in words:
        if word not in (a, b, c):
            cosine = query @ at[word] / math.sqrt((query @ query) * (at[word] @ at[word]))
            if cosine > best:
                best, winner = cosine, word
    return winner


def rnn_step(x, hidden, w_x, w_h, bias):
    """Through the sigmoid."""
    return 2 * _sigmoid(2 * (np.dot(x, w_x.T) + np.dot(hidden, w_h.T) + bias)) - 1


def _sigmoid(x):
    return np.exp(-np.logaddexp(0.0, -x))


def lstm_step(x, hidden, cell, w_ih, w_hh, bias):
    """A gate at a time."""
    size = hidden.shape[1]
    sums = [
        x.dot(w_ih[row : row + size].T) + hidden.dot(w_hh[row : row + size].T) + bias[row:][:size]
        for row in range(0, 4 * size, size)
    ]
    cell = _sigmoid(sums[1]) * cell + _sigmoid(sums[0]) * np.tanh(sums[2])
    return _sigmoid(sums[3]) * np.tanh(cell), cell


def lstm_forward(x, hidden, cell, w_ih, w_hh, bias):
    """A list of outputs."""
    outputs = []
    for step in np.moveaxis(x, 1, 0):
        hidden, cell = lstm_step(step, hidden, cell, w_ih, w_hh, bias)
        outputs.append(hidden[:, None])
    return np.concatenate(outputs, axis=1), hidden, cell


def lstm_step_backward(grad_hidden, grad_cell, x, hidden, cell, w_ih, w_hh, bias):
    """A gate and an example at a time."""
    size = hidden.shape[1]
    grads = [np.zeros_like(part) for part in (x, hidden, cell, w_ih, w_hh, bias)]
    for n in range(len(x)):
        i, f, g, o = (w_ih @ x[n] + w_hh @ hidden[n] + bias).reshape(4, size)
        i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
        out = np.tanh(f * cell[n] + i * g)
        up = grad_cell[n] + grad_hidden[n] * o / np.cosh(f * cell[n] + i * g) ** 2
        delta = np.concatenate(
            [
                up * g * (i - i * i),
                up * cell[n] * (f - f * f),
                up * i * (1 + g) * (1 - g),
                grad_hidden[n] * out * (o - o * o),
            ]
        )
        grads[0][n], grads[1][n], grads[2][n] = delta @ w_ih, delta @ w_hh, up * f
        grads[3] += np.outer(delta, x[n])
        grads[4] += np.outer(delta, hidden[n])
        grads[5] += delta
    return tuple(grads)


def clip_gradients(grads, max_norm):
    """As PyTorch does it."""
    norm = np.linalg.norm([np.linalg.norm(grad) for grad in grads])
    return [grad * min(1.0, max_norm / (norm + 1e-6)) for grad in grads], norm


def adding_batch(length, n, rng):
    """A sequence at a time."""
    half, x = length // 2, np.zeros((n, length, 2), dtype=np.float32)
    for sequence in x:
        sequence[:, 0] = rng.uniform(size=length)
        sequence[rng.integers(half), 1] = 1
        sequence[half + rng.choice(length - half), 1] = 1
    return x, np.einsum("nt,nt->n", x[..., 0], x[..., 1])


class CellClassifier(nn.Module):
    """A cell in a loop that stops changing an example after its last real step."""

    def __init__(self, n_in, hidden, n_classes):
        """Affine layer first: the order of the tensors is free."""
        super().__init__()
        self.head = nn.Linear(hidden, n_classes)
        self.cell = nn.LSTMCell(n_in, hidden)
        for bias in (self.cell.bias_ih, self.cell.bias_hh):
            nn.init.zeros_(bias)
            nn.init.constant_(bias[hidden : 2 * hidden], 0.5)

    def forward(self, x, lengths=None):
        """Step by step."""
        state = [x.new_zeros(len(x), self.cell.hidden_size) for _ in range(2)]
        for t in range(x.shape[1]):
            new = self.cell(x[:, t], tuple(state))
            if lengths is None:
                state = list(new)
            else:
                real = (t < lengths.to(x.device))[:, None]
                state = [torch.where(real, *pair) for pair in zip(new, state, strict=True)]
        return self.head(state[0])


def build_lstm_classifier(n_in, hidden, n_classes):
    """See CellClassifier."""
    return CellClassifier(n_in, hidden, n_classes)


def fit(
    model,
    x,
    y,
    *,
    lengths=None,
    epochs,
    batch_size,
    optimizer="adam",
    learning_rate=1e-3,
    max_norm=1.0,
    seed=0,
    device="cpu",
):
    """With a DataLoader."""
    model.to(device)
    sizes = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
    source = torch.Generator()
    source.manual_seed(seed)
    loader = DataLoader(
        TensorDataset(x, y, sizes), batch_size=batch_size, shuffle=True, generator=source
    )
    make = torch.optim.Adam if optimizer == "adam" else torch.optim.SGD
    descent = make(model.parameters(), lr=learning_rate)
    losses, shares = [], []
    for _ in range(epochs):
        total, hits = 0.0, 0
        for part, labels, ends in loader:
            descent.zero_grad()
            scores = model(part.to(device), ends)
            log_probs = scores.log_softmax(dim=1)
            per_example = -log_probs.gather(1, labels.to(device)[:, None])
            per_example.mean().backward()
            norm = sum(float((p.grad**2).sum()) for p in model.parameters()) ** 0.5
            if norm > max_norm:
                for p in model.parameters():
                    p.grad *= max_norm / norm
            descent.step()
            total += per_example.sum().item()
            hits += (scores.argmax(1).cpu() == labels).sum().item()
        losses.append(total / len(x))
        shares.append(hits / len(x))
    return {"loss": losses, "accuracy": shares}


def predict(model, x, lengths=None):
    """All at once."""
    device = next(model.parameters()).device
    with torch.inference_mode():
        scores = model(x.to(device), lengths)
    return scores.max(dim=1).indices.to("cpu")


class Packed(nn.Module):
    """The library's own way with sequences of different lengths."""

    def __init__(self, n_in, hidden, n_classes):
        """Forget gate: one bias does it all."""
        super().__init__()
        self.lstm, self.head = nn.LSTM(n_in, hidden), nn.Linear(hidden, n_classes)
        with torch.no_grad():
            self.lstm.bias_ih_l0[hidden : 2 * hidden] = 1
            self.lstm.bias_hh_l0[hidden : 2 * hidden] = 0

    def forward(self, x, lengths):
        """The last hidden state of a packed sequence is that of the last real step."""
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        return self.head(self.lstm(packed)[1][0][0])


def fit_adding(length, *, steps=1000, seed=0, device="cpu"):
    """The library's LSTM, read step by step only where predictions are made."""
    torch.random.manual_seed(seed)
    fast, rng = Packed(2, 32, 1).to(device), np.random.default_rng(seed)
    descent = torch.optim.Adam(fast.parameters(), lr=0.01)
    ends, losses = torch.full((64,), length), []
    for _ in range(steps):
        x, wanted = adding_batch(length, 64, rng)
        error = fast(torch.tensor(x, device=device), ends).squeeze(1) - torch.tensor(
            wanted, device=device
        )
        descent.zero_grad()
        (error**2).mean().backward()
        torch.nn.utils.clip_grad_norm_(fast.parameters(), 1)
        descent.step()
        losses.append(float((error.detach() ** 2).mean()))
    return copy.deepcopy(fast), losses


def predict_adding(model, x):
    """Both kinds of models take lengths."""
    lengths = torch.full((len(x),), x.shape[1])
    with torch.no_grad():
        return model(x.to(next(model.parameters()).device), lengths).flatten().cpu()


class Reader:
    """A vocabulary and two modules; not a module itself."""

    def __init__(self, words, device):
        """The last row of the table is for unknown words."""
        self.numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
        self.table = nn.Embedding(len(self.numbers) + 1, 24).to(device)
        self.net, self.device = Packed(24, 32, 2).to(device), device

    def scores(self, sentences):
        """Pad with the unknown word."""
        unknown = len(self.numbers)
        rows = [torch.tensor([self.numbers.get(w, unknown) for w in s.split()]) for s in sentences]
        padded = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=unknown)
        return self.net(self.table(padded.to(self.device)), torch.tensor([len(r) for r in rows]))


def fit_sentiment(sentences, labels, *, seed=0, device="cpu"):
    """Batches by slicing a random order."""
    torch.manual_seed(seed)
    reader = Reader([word for sentence in sentences for word in sentence.split()], device)
    weights = [*reader.table.parameters(), *reader.net.parameters()]
    descent = torch.optim.AdamW(weights, lr=0.01, weight_decay=0.0)
    for _ in range(12):
        order = torch.randperm(len(sentences)).tolist()
        for first in range(0, len(order), 32):
            chosen = order[first : first + 32]
            wanted = torch.tensor([int(labels[i]) for i in chosen], device=device)
            loss = nn.functional.cross_entropy(
                reader.scores([sentences[i] for i in chosen]), wanted
            )
            descent.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            descent.step()
    return reader


@torch.no_grad()
def predict_sentiment(reader, sentences):
    """A NumPy array does as well as a tensor."""
    return reader.scores(sentences).cpu().numpy().argmax(axis=1)
