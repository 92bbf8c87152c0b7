"""zero_grad stands between backward and step: what backward found is thrown away, nothing moves."""

import torch
from torch import nn
from torch.nn import functional

CAUGHT_BY = ("fit_steps", "fit_batches")
HINT = "What does the step see: which of the three calls comes first, which last?"
LECTURE = "lecture 2, Practical Gradient Descent"


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
    generator = torch.Generator().manual_seed(seed)
    model.to(device).train()
    x, y = x.to(device), y.to(device)
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    stepper = kinds[optimizer](model.parameters(), lr=learning_rate)
    history = {"loss": [], "accuracy": []}
    for _ in range(epochs):
        loss_sum, right = 0.0, 0
        for batch in torch.randperm(len(x), generator=generator).split(batch_size):
            logits = model(x[batch], None if lengths is None else lengths[batch])
            loss = functional.cross_entropy(logits, y[batch])
            loss.backward()
            stepper.zero_grad()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
            stepper.step()
            loss_sum += loss.item() * len(batch)
            right += int((logits.argmax(dim=1) == y[batch]).sum())
        history["loss"].append(loss_sum / len(x))
        history["accuracy"].append(right / len(x))
    return history
