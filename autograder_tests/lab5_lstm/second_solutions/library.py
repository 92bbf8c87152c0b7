"""A correct solution that leaves as much as possible to PyTorch, also in the parts by hand."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence


def cooccurrence(sentences, window=1):
    """Every pair of places."""
    words, found = [], []
    for sentence in sentences:
        text = sentence.replace(".", " . ").split()
        words += [word for word in dict.fromkeys(text) if word not in words]
        found += [
            (words.index(a), words.index(b))
            for p, a in enumerate(text)
            for q, b in enumerate(text)
            if 0 < abs(p - q) <= window
        ]
    counts = np.zeros((len(words), len(words)), dtype=np.int64)
    np.add.at(counts, tuple(np.array(found, dtype=int).reshape(-1, 2).T), 1)
    return words, counts


def word_vectors(counts, k):
    """With torch.linalg, signs turned so that the largest entry of a column is positive."""
    u, s, _ = torch.linalg.svd(torch.as_tensor(counts, dtype=torch.float64))
    vectors = (u[:, :k] @ torch.diag(s[:k])).numpy()
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), range(k)])
    return vectors * signs


def analogy(a, b, c, words, vectors):
    """With cosine_similarity."""
    va, vb, vc = (torch.from_numpy(vectors[list(words).index(word)]) for word in (a, b, c))
    scores = torch.cosine_similarity(torch.from_numpy(vectors), (vb - va + vc)[None])
    for word in {a, b, c}:
        scores[list(words).index(word)] = -2.0
    return words[scores.argmax().item()]


def _double(*arrays):
    return [torch.from_numpy(np.asarray(array, dtype=np.float64)) for array in arrays]


def rnn_step(x, hidden, w_x, w_h, bias):
    """RNNCell with the weights pasted in."""
    cell = nn.RNNCell(x.shape[1], hidden.shape[1], dtype=torch.float64)
    _paste(cell, [w_x, w_h, bias, np.zeros_like(bias)])
    with torch.no_grad():
        return cell(*_double(x, hidden)).numpy()


def _paste(module, arrays):
    for weight, array in zip(module.parameters(), arrays, strict=True):
        weight.data = torch.from_numpy(array.copy())


def _cell(x, hidden, w_ih, w_hh, bias):
    cell = nn.LSTMCell(x.shape[1], hidden.shape[1], dtype=torch.float64)
    _paste(cell, [w_ih, w_hh, bias, np.zeros_like(bias)])
    return cell


def lstm_step(x, hidden, cell, w_ih, w_hh, bias):
    """LSTMCell."""
    with torch.no_grad():
        h, c = _double(hidden, cell)
        out = _cell(x, hidden, w_ih, w_hh, bias)(*_double(x), (h, c))
    return out[0].numpy(), out[1].numpy()


def lstm_forward(x, hidden, cell, w_ih, w_hh, bias):
    """nn.LSTM."""
    layer = nn.LSTM(x.shape[2], hidden.shape[1], batch_first=True, dtype=torch.float64)
    _paste(layer, [w_ih, w_hh, bias, np.zeros_like(bias)])
    with torch.no_grad():
        out, (h, c) = layer(*_double(x), tuple(_double(hidden[None], cell[None])))
    return out.numpy(), h[0].numpy(), c[0].numpy()


def lstm_step_backward(grad_hidden, grad_cell, x, hidden, cell, w_ih, w_hh, bias):
    """backward of LSTMCell."""
    module = _cell(x, hidden, w_ih, w_hh, bias)
    inputs = [tensor.clone().requires_grad_() for tensor in _double(x, hidden, cell)]
    torch.autograd.backward(module(inputs[0], tuple(inputs[1:])), _double(grad_hidden, grad_cell))
    weights = list(module.parameters())[:3]
    return tuple(tensor.grad.numpy() for tensor in inputs + weights)


def clip_gradients(grads, max_norm):
    """clip_grad_norm_ on copies."""
    weights = [torch.zeros(grad.shape, dtype=torch.float64, requires_grad=True) for grad in grads]
    for weight, grad in zip(weights, grads, strict=True):
        weight.grad = torch.tensor(grad)
    norm = nn.utils.clip_grad_norm_(weights, max_norm)
    return [weight.grad.numpy() for weight in weights], norm.item()


def adding_batch(length, n, rng):
    """One row of an identity matrix for each mark."""
    half, eye = length // 2, np.eye(length, dtype=np.float32)
    marks = eye[rng.integers(half, size=n)] + eye[rng.integers(half, length, size=n)]
    values = rng.random((n, length), dtype=np.float32)
    return np.stack((values, marks), -1), (values * marks).sum(-1)


class Net(nn.Module):
    """An LSTM in a ModuleDict, padding cut off by packing."""

    def __init__(self, n_in, hidden, n_classes):
        """Biases: all zero, the forget gate's one."""
        super().__init__()
        lstm = nn.LSTM(n_in, hidden, batch_first=True)
        for name, weight in lstm.named_parameters():
            if "bias" in name:
                nn.init.zeros_(weight)
        lstm.bias_hh_l0.data[hidden : 2 * hidden].fill_(1.0)
        self.parts = nn.ModuleDict({"read": lstm, "say": nn.Linear(hidden, n_classes)})

    def forward(self, x, lengths=None):
        """Packing gives the state after each example's own last step."""
        if lengths is not None:
            x = nn.utils.rnn.pack_padded_sequence(
                x, lengths.cpu(), batch_first=True, enforce_sorted=False
            )
        return self.parts["say"](self.parts["read"](x)[1][0][-1])


def build_lstm_classifier(n_in, hidden, n_classes):
    """See Net."""
    return Net(n_in, hidden, n_classes)


def fit(model, x, y, *, lengths=None, epochs, batch_size, optimizer="adam", learning_rate=1e-3,
        max_norm=1.0, seed=0, device="cpu"):  # fmt: skip
    """The global generator, put back afterwards."""
    model = model.to(device)
    model.train()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        orders = [torch.randperm(len(x)) for _ in range(epochs)]
    kind = torch.optim.SGD if optimizer == "sgd" else torch.optim.Adam
    descent, criterion = kind(model.parameters(), lr=learning_rate), nn.CrossEntropyLoss()
    history = {"loss": [], "accuracy": []}
    for order in orders:
        rows = []
        for batch in order.split(batch_size):
            scores = model(x[batch].to(device), None if lengths is None else lengths[batch])
            wanted = y[batch].to(device)
            loss = criterion(scores, wanted)
            model.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm, foreach=False)
            descent.step()
            right = (scores.argmax(1) == wanted).double().mean()
            rows.append((len(batch), loss.item(), right.item()))
        sizes, losses, shares = np.array(rows).T
        history["loss"].append(np.average(losses, weights=sizes))
        history["accuracy"].append(np.average(shares, weights=sizes))
    return history


@torch.inference_mode()
def predict(model, x, lengths=None):
    """A DataLoader without shuffling would do as well."""
    device = next(model.parameters()).device
    pieces = [slice(i, i + 512) for i in range(0, len(x), 512)]
    scores = [model(x[p].to(device), None if lengths is None else lengths[p]) for p in pieces]
    return torch.cat(scores).argmax(-1).cpu()


def fit_adding(length, *, steps=1000, seed=0, device="cpu"):
    """RMSprop-free: Adam with larger batches and a OneCycle of step sizes."""
    torch.manual_seed(seed)
    rng, net = np.random.default_rng(seed), Net(2, 32, 1).to(device)
    adam, losses = torch.optim.Adam(net.parameters(), lr=1e-2), []
    for _ in range(steps):
        x, target = map(torch.from_numpy, adding_batch(length, 96, rng))
        loss = nn.functional.mse_loss(net(x.to(device)).squeeze(-1), target.to(device))
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        losses.append(loss.detach())
    return net, torch.stack(losses).tolist()


@torch.inference_mode()
def predict_adding(model, x):
    """Squeeze the class away."""
    return model(x.to(next(model.parameters()).device)).squeeze(-1).cpu()


class Sentiment(nn.Module):
    """A bidirectional LSTM, packed."""

    def __init__(self, words):
        """Row 0 of the table stays 0: unknown words."""
        super().__init__()
        self.words = list(words)
        self.table = nn.Embedding(len(self.words) + 1, 16, padding_idx=0)
        self.read = nn.LSTM(16, 24, batch_first=True, bidirectional=True)
        self.say = nn.Linear(48, 2)

    def forward(self, sentences):
        """Logits."""
        number = {word: n for n, word in enumerate(self.words, 1)}
        device = self.say.weight.device
        rows = [torch.tensor([number.get(w, 0) for w in s.split()]) for s in sentences]
        packed = nn.utils.rnn.pack_padded_sequence(
            self.table(pad_sequence(rows, batch_first=True).to(device)),
            torch.tensor([len(row) for row in rows]),
            batch_first=True,
            enforce_sorted=False,
        )
        return self.say(torch.cat(list(self.read(packed)[1][0]), dim=1))


def fit_sentiment(sentences, labels, *, seed=0, device="cpu"):
    """A step size that falls in a straight line."""
    torch.manual_seed(seed)
    model = Sentiment(sorted(set(" ".join(sentences).split()))).to(device)
    adam, epochs = torch.optim.Adam(model.parameters(), lr=1e-2), 12
    fall = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.1, total_iters=epochs)
    for _ in range(epochs):
        for batch in torch.randperm(len(sentences)).split(32):
            logits = model([sentences[i] for i in batch.tolist()])
            loss = nn.functional.cross_entropy(logits, torch.tensor(labels)[batch].to(device))
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
        fall.step()
    return model


@torch.no_grad()
def predict_sentiment(model, sentences):
    """The larger logit."""
    return model(sentences).argmax(dim=1).cpu()
