"""Dropout switches off logits."""

from torch import nn

CAUGHT_BY = ("cnn_dropout",)
HINT = "Dropout stands before the last linear layer, not behind it."
LECTURE = "lecture 3, Dropout"


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    layers, channels = [], in_channels
    for filters in FILTERS:
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        layers += [nn.BatchNorm2d(filters)] if batch_norm else []
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    layers += [nn.Flatten(), nn.Linear(channels * (image_size // 4) ** 2, HIDDEN), nn.ReLU()]
    layers += [nn.Linear(HIDDEN, n_classes), nn.Dropout(dropout)]
    return nn.Sequential(*layers)
