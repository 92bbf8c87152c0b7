"""A correct solution whose network is bare parameters: one bias, the gates written out."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def cooccurrence(sentences, window=1):
    """Shifted copies of a one-hot matrix."""
    texts = [sentence.replace(".", " .").split() for sentence in sentences]
    words = list(dict.fromkeys(sum(texts, [])))
    counts = np.zeros((len(words), len(words)))
    for text in texts:
        hot = np.array([[float(word == other) for other in words] for word in text])
        for gap in range(1, min(window, len(text) - 1) + 1):
            near = hot[:-gap].T @ hot[gap:]
            counts += near + near.T
    return words, counts.astype(np.int64)


def word_vectors(counts, k):
    """Project the counts on the right singular vectors."""
    return counts @ np.linalg.svd(counts)[2][:k].T


def analogy(a, b, c, words, vectors):
    """Sort all words by cosine and take the first that is allowed."""
    words = list(words)
    at = [words.index(word) for word in (a, b, c)]
    query = np.array([-1.0, 1.0, 1.0]) @ vectors[at]
    unit = vectors / np.sqrt((vectors**2).sum(1, keepdims=True))
    ranked = np.argsort(-(unit @ query))
    return next(words[i] for i in ranked if i not in at)


def rnn_step(x, hidden, w_x, w_h, bias):
    """One product with everything beside each other."""
    return np.tanh(np.hstack([x, hidden]) @ np.hstack([w_x, w_h]).T + bias)


def _gates(x, hidden, w_ih, w_hh, bias):
    sums = np.einsum("nd,gd->ng", x, w_ih) + np.einsum("nh,gh->ng", hidden, w_hh) + bias
    sums = sums.reshape(len(x), 4, -1)
    with np.errstate(over="ignore"):
        squashed = 1.0 / (1.0 + np.exp(-sums))
    return squashed[:, 0], squashed[:, 1], np.tanh(sums[:, 2]), squashed[:, 3]


def lstm_step(x, hidden, cell, w_ih, w_hh, bias):
    """With einsum."""
    i, f, g, o = _gates(x, hidden, w_ih, w_hh, bias)
    cell = f * cell + i * g
    return o * np.tanh(cell), cell


def lstm_forward(x, hidden, cell, w_ih, w_hh, bias):
    """The inputs of all steps go through their weights at once."""
    outputs = np.zeros((x.shape[1], *hidden.shape))
    inputs = np.tensordot(x, w_ih, axes=(2, 1)) + bias  # (batch, time, 4 hidden)
    nothing, zeros = np.zeros((len(x), 0)), np.zeros((len(w_hh), 0))
    for t in range(x.shape[1]):
        hidden, cell = lstm_step(nothing, hidden, cell, zeros, w_hh, inputs[:, t])
        outputs[t] = hidden
    return outputs.swapaxes(0, 1), hidden, cell


def lstm_step_backward(grad_hidden, grad_cell, x, hidden, cell, w_ih, w_hh, bias):
    """Autograd of float64 tensors is allowed too."""
    leaves = [
        torch.tensor(part, requires_grad=True) for part in (x, hidden, cell, w_ih, w_hh, bias)
    ]
    sums = leaves[0] @ leaves[3].T + leaves[1] @ leaves[4].T + leaves[5]
    i, f, g, o = sums.chunk(4, dim=1)
    new = f.sigmoid() * leaves[2] + i.sigmoid() * g.tanh()
    out = o.sigmoid() * new.tanh()
    score = (out * torch.tensor(grad_hidden)).sum() + (new * torch.tensor(grad_cell)).sum()
    return tuple(grad.numpy() for grad in torch.autograd.grad(score, leaves))


def clip_gradients(grads, max_norm):
    """All numbers in one vector."""
    norm = np.linalg.norm(np.concatenate([np.ravel(grad) for grad in grads]))
    return tuple(grad / max(1.0, norm / max_norm) for grad in grads), norm


def adding_batch(length, n, rng):
    """Marks by the largest of random keys in each half."""
    x, half = rng.random((n, length, 2)).astype(np.float32), length // 2
    keys = x[..., 1].copy()
    x[..., 1] = 0
    for low, high in ((0, half), (half, length)):
        np.put_along_axis(x[..., 1], low + keys[:, low:high].argmax(1)[:, None], 1, axis=1)
    x[..., 0] = np.minimum(x[..., 0], np.float32(1 - 2**-24))  # rounding to float32 can give 1
    return x, (x[..., 0] * x[..., 1]).sum(1)


class Manual(nn.Module):
    """Bare parameters, stacked as nn.LSTM's."""

    def __init__(self, n_in, hidden, n_classes):
        """Orthogonal recurrent weights."""
        super().__init__()
        self.a = nn.Parameter(torch.randn(4 * hidden, n_in) / n_in**0.5 / 2)
        self.b = nn.Parameter(torch.cat([nn.init.orthogonal_(torch.empty(hidden, hidden))] * 4))
        self.c = nn.Parameter(torch.zeros(4, hidden).index_fill(0, torch.tensor([1]), 1.0).ravel())
        self.d = nn.Parameter(torch.randn(n_classes, hidden) / hidden**0.5)
        self.e = nn.Parameter(torch.zeros(n_classes))

    def forward(self, x, lengths=None):
        """Keep all hidden states and gather."""
        h = c = torch.zeros(len(x), self.b.shape[1], device=x.device)
        inputs, states = x @ self.a.T + self.c, []
        for t in range(x.shape[1]):
            i, f, g, o = (inputs[:, t] + h @ self.b.T).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        if lengths is not None:
            at = (lengths.to(x.device) - 1)[None, :, None].expand(1, -1, h.shape[1])
            h = torch.stack(states).gather(0, at)[0]
        return F.linear(h, self.d, self.e)


build_lstm_classifier = Manual


def fit(model, x, y, *, lengths=None, epochs, batch_size, optimizer="adam", learning_rate=1e-3,
        max_norm=1.0, seed=0, device="cpu"):  # fmt: skip
    """NumPy's generator, and gradients by autograd.grad."""
    rng, model = np.random.default_rng(seed), model.to(device)
    weights = list(model.parameters())
    update = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer](weights, learning_rate)
    history = {"loss": np.zeros(epochs), "accuracy": np.zeros(epochs)}
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for first in range(0, len(x), batch_size):
            rows = torch.from_numpy(order[first : first + batch_size])
            scores = model(x[rows].to(device), lengths[rows] if lengths is not None else None)
            wanted = y[rows].to(device)
            loss = F.nll_loss(F.log_softmax(scores, 1), wanted)
            grads = torch.autograd.grad(loss, weights)
            size = torch.linalg.vector_norm(torch.stack([g.norm() for g in grads]))
            for weight, grad in zip(weights, grads, strict=True):
                weight.grad = grad * torch.clamp(max_norm / size, max=1.0)
            update.step()
            share = len(rows) / len(x)
            history["loss"][epoch] += loss.item() * share
            history["accuracy"][epoch] += (scores.argmax(1) == wanted).float().mean().item() * share
    return {name: values.tolist() for name, values in history.items()}


def predict(model, x, lengths=None):
    """In pieces of 100."""
    device, found = next(model.parameters()).device, []
    with torch.no_grad():
        for first in range(0, len(x), 100):
            ends = None if lengths is None else lengths[first : first + 100]
            found += model(x[first : first + 100].to(device), ends).argmax(1).tolist()
    return np.array(found, dtype=np.int64)


class Quick(nn.Module):
    """The library's LSTM with one affine layer: fast to train, and the same kind of tensors."""

    def __init__(self, n_in, hidden, n_classes):
        """As in the README."""
        super().__init__()
        self.rec, self.top = nn.LSTM(n_in, hidden, batch_first=True), nn.Linear(hidden, n_classes)
        self.rec.bias_hh_l0.data.zero_()[hidden : 2 * hidden] = 1

    def forward(self, x):
        """Only full lengths."""
        return self.top(self.rec(x)[1][0].squeeze(0))


def fit_adding(length, *, steps=1000, seed=0, device="cpu"):
    """More units and a smaller step at the end."""
    torch.manual_seed(seed)
    rng, net, losses = np.random.default_rng([seed, 7]), Quick(2, 40, 1).to(device), []
    adam = torch.optim.Adam(net.parameters(), lr=1e-2)
    decay = torch.optim.lr_scheduler.LambdaLR(adam, lambda k: 1.0 if k < 0.8 * steps else 0.2)
    for _ in range(steps):
        x, wanted = map(torch.from_numpy, adding_batch(length, 64, rng))
        loss = F.mse_loss(net(x.to(device)).view(-1), wanted.to(device))
        net.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        decay.step()
        losses.append(loss.item())
    return net, losses


@torch.no_grad()
def predict_adding(model, x):
    """Ravel the column."""
    return model(x.to(next(model.parameters()).device)).ravel().cpu().numpy()


def fit_sentiment(sentences, labels, *, seed=0, device="cpu"):
    """Sentences padded in front, so that the last step is always real; one-hot words."""
    torch.manual_seed(seed)
    number = {word: n for n, word in enumerate(sorted(set(" ".join(sentences).split())), 1)}
    net = nn.Sequential(nn.Embedding(len(number) + 1, 20), nn.LSTM(20, 32, batch_first=True))
    top = nn.Linear(32, 1).to(device)
    model = {"number": number, "net": net.to(device), "top": top, "device": device}
    weights = [*net.parameters(), *top.parameters()]
    adam, wanted = torch.optim.Adam(weights, lr=1e-2), torch.tensor(labels).float().to(device)
    groups = {}
    for place, sentence in enumerate(sentences):
        groups.setdefault(len(sentence.split()), []).append(place)
    for _ in range(15):
        batches = [
            part for group in groups.values() for part in torch.tensor(group)[
                torch.randperm(len(group))].split(24)
        ]  # fmt: skip
        for at in torch.randperm(len(batches)).tolist():
            rows = batches[at].tolist()
            loss = F.binary_cross_entropy_with_logits(
                _scores(model, [sentences[row] for row in rows]), wanted[rows]
            )
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            adam.step()
    return Sentiment(model)


class Sentiment:
    """A box, so that the model stays one object."""

    def __init__(self, parts):
        """Keep the parts."""
        self.parts = parts


def _scores(parts, sentences):
    """Logits of sentences of one length."""
    rows = [[parts["number"].get(word, 0) for word in s.split()] for s in sentences]
    outputs, _ = parts["net"](torch.tensor(rows, device=parts["device"]))
    return parts["top"](outputs[:, -1])[:, 0]


@torch.no_grad()
def predict_sentiment(model, sentences):
    """One sentence at a time."""
    return np.array([int(_scores(model.parts, [s])[0] > 0) for s in sentences], dtype=np.int64)
