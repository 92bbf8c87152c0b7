"""The answers are truth values instead of whole numbers."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_form",)
HINT = "What is the dtype of logits > 0?"
LECTURE = "lecture 2, Application: Sentiment Analysis"


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    return predict(model, *model.encode(sentences)) > 0
