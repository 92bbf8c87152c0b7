"""The numbers of lecture 2, and of the adding problem's paper, beside the solution's."""

from types import ModuleType

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from grader.dataset import Dataset
from grader.yardstick import Row

TABLE_WORDS = ("I", "like", "enjoy", "deep", "learning", "NLP", "flying", ".")
# Lecture 2, Co-occurrence matrix: the entries above the diagonal that are not 0.
TABLE = {
    ("I", "like"): 2,
    ("I", "enjoy"): 1,
    ("like", "deep"): 1,
    ("like", "NLP"): 1,
    ("enjoy", "flying"): 1,
    ("deep", "learning"): 1,
    ("learning", "."): 1,
    ("NLP", "."): 1,
    ("flying", "."): 1,
}
LENGTH, STEPS, TESTED = 50, 1000, 2000


def yardstick_cooccurrence(solution: ModuleType, dataset: Dataset | None, device: str) -> list[Row]:
    """Lecture 2's table of neighbours, and its analogy."""
    del dataset, device
    sentences = ["I like deep learning.", "I like NLP.", "I enjoy flying."]
    words, counts = solution.cooccurrence(sentences)
    rows = [
        Row(
            what=f"count of {a!r} beside {b!r}",
            lecture=float(number),
            measured=float(counts[words.index(a), words.index(b)]),
        )
        for (a, b), number in TABLE.items()
    ]
    total = 2.0 * sum(TABLE.values())
    rows.append(Row(what="sum of the table", lecture=total, measured=float(counts.sum())))
    vectors = np.array([[0.2, 0.2], [0.6, 0.3], [0.3, 0.7], [0.7, 0.8]])
    found = solution.analogy("man", "woman", "king", ["man", "woman", "king", "queen"], vectors)
    rows.append(
        Row(
            what="man : woman :: king : queen, 1 if so",
            lecture=1.0,
            measured=float(found == "queen"),
        )
    )
    return rows


def yardstick_adding(solution: ModuleType, dataset: Dataset | None, device: str) -> list[Row]:
    """The adding problem over 50 steps: an LSTM, a plain RNN, and the best constant."""
    del dataset
    x, wanted = solution.adding_batch(LENGTH, TESTED, np.random.default_rng(12345))
    model, _ = solution.fit_adding(LENGTH, steps=STEPS, seed=1, device=device)
    answers = solution.predict_adding(model, torch.from_numpy(x)).numpy()
    plain = _fit_plain_rnn(solution, device)
    with torch.no_grad():
        theirs = plain(torch.from_numpy(x).to(device))[:, 0].cpu().numpy()
    errors = {
        "LSTM, 32 units, 1,000 steps": answers,
        "plain RNN, 32 units, 1,000 steps": theirs,
        "always 1": np.ones(TESTED),
    }
    return [
        Row(
            what=f"mean squared error: {name}",
            lecture=None,
            measured=float(np.mean((a - wanted) ** 2)),
        )
        for name, a in errors.items()
    ]


class _PlainRNN(nn.Module):
    """What the LSTM is compared with."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.out = nn.RNN(2, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One answer (batch, 1) from the last state."""
        outputs, _ = self.rnn(x)
        return self.out(outputs[:, -1])


def _fit_plain_rnn(solution: ModuleType, device: str) -> nn.Module:
    """Train it as the solution trains its LSTM, with a step size that suits it better."""
    torch.manual_seed(1)
    rng, model = np.random.default_rng(1), _PlainRNN().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(STEPS):
        x, wanted = map(torch.from_numpy, solution.adding_batch(LENGTH, 64, rng))
        loss = functional.mse_loss(model(x.to(device))[:, 0], wanted.to(device))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return model


def yardstick_rows(solution: ModuleType, dataset: Dataset | None, device: str) -> list[Row]:
    """Images read row by row: LSTM with 64 units."""
    if dataset is None:
        return []
    is_small = len(dataset.x_train) < 10_000
    epochs = 20 if is_small else 2
    torch.manual_seed(0)
    model = solution.build_lstm_classifier(dataset.x_train.shape[2], 64, 10)
    history = solution.fit(
        model,
        _scaled(dataset.x_train, dataset.max_value),
        torch.from_numpy(dataset.y_train.copy()),
        epochs=epochs,
        batch_size=64 if is_small else 128,
        learning_rate=1e-2 if is_small else 3e-3,
        device=device,
    )
    predicted = solution.predict(model, _scaled(dataset.x_test, dataset.max_value)).numpy()
    test = float(np.mean(predicted == dataset.y_test))
    what = f"{dataset.name}, rows of pixels, {epochs} epochs"
    return [
        Row(what=f"{what}: training accuracy", lecture=None, measured=history["accuracy"][-1]),
        Row(what=f"{what}: test accuracy", lecture=None, measured=test),
    ]


def _scaled(images: np.ndarray, max_value: int) -> torch.Tensor:
    return torch.from_numpy((images / float(max_value)).astype(np.float32))
