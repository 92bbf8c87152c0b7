"""A bag of words: the mean of the word vectors knows which words there are and not in which order."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_negation",)
HINT = "'dull but funny' and 'funny but dull' have the same bag. Which one is good?"
LECTURE = "lecture 2, Application: Sentiment Analysis"


class BagOfWords(SentimentModel):
    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(words)
        self.read = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, numbers: Tensor, lengths: Tensor) -> Tensor:
        real = (torch.arange(numbers.shape[1])[None] < lengths[:, None]).float()[:, :, None]
        return self.read((self.vectors(numbers) * real).sum(dim=1) / lengths[:, None])


def fit_sentiment(
    sentences: Sequence[str], labels: Labels, *, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    torch.manual_seed(seed)
    model = BagOfWords(sorted({word for sentence in sentences for word in sentence.split()}))
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
