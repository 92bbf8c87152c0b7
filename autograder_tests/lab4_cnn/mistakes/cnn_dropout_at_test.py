"""Dropout stays on in evaluation mode."""

from torch import nn
from torch.nn import functional as F

CAUGHT_BY = ("cnn_dropout",)
HINT = "F.dropout does not know the module's mode unless it is told."
LECTURE = "lecture 3, Dropout"


class _Always(nn.Dropout):
    def forward(self, x):
        return F.dropout(x, self.p, training=True)


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    layers, channels = [], in_channels
    for filters in FILTERS:
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        layers += [nn.BatchNorm2d(filters)] if batch_norm else []
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    layers += [nn.Flatten(), nn.Linear(channels * (image_size // 4) ** 2, HIDDEN), nn.ReLU()]
    layers += [_Always(dropout), nn.Linear(HIDDEN, n_classes)]
    return nn.Sequential(*layers)
