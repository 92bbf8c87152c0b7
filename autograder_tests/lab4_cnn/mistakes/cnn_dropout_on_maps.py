"""Dropout stands before the first linear layer, on the pooled images."""

from torch import nn

CAUGHT_BY = ("cnn_dropout",)
HINT = "Which units does the table of layers switch off?"
LECTURE = "lecture 3, Dropout"


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    layers, channels = [], in_channels
    for filters in FILTERS:
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        layers += [nn.BatchNorm2d(filters)] if batch_norm else []
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    layers += [
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(channels * (image_size // 4) ** 2, HIDDEN),
        nn.ReLU(),
    ]
    layers += [nn.Linear(HIDDEN, n_classes)]
    return nn.Sequential(*layers)
