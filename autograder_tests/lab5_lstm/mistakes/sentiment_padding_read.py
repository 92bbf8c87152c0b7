"""The last step of the longest sentence is read: for all shorter ones that is padding."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_form",)
HINT = "Ask about one sentence alone, then together with a longer one."
LECTURE = "lecture 2, Application: Sentiment Analysis"


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    numbers, lengths = model.encode(sentences)
    return predict(model, numbers, lengths.max().expand(len(lengths)))
