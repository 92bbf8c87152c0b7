"""The sentences are sorted by length and the answers not sorted back."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_form",)
HINT = "Are the answers in the order of the questions?"
LECTURE = "lecture 2, Application: Sentiment Analysis"


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    return predict(model, *model.encode(sorted(sentences, key=lambda text: len(text.split()))))
