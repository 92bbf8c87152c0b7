"""A word that was not in training raises KeyError."""

import torch
from torch import nn

CAUGHT_BY = ("sentiment_form",)
HINT = "Which number does a word get that was never seen?"
LECTURE = "lecture 2, Application: Sentiment Analysis"


def predict_sentiment(model: nn.Module, sentences: Sequence[str]) -> Tensor:
    for sentence in sentences:
        for word in sentence.split():
            model.index[word]
    return predict(model, *model.encode(sentences))
