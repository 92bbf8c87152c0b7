"""The starting weights do not come from the seed, so no run can be repeated."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_form",)
HINT = "Fit twice with the same seed and compare the answers."
LECTURE = "lecture 2, Application: Sentiment Analysis"


def fit_sentiment(
    sentences: Sequence[str], labels: Labels, *, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    torch.seed()
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
