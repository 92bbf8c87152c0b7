"""build_cnn puts in batch norm even with batch_norm=False."""

from torch import nn

CAUGHT_BY = ("cnn_structure",)
HINT = "What does the argument batch_norm change?"
LECTURE = "lecture 5, Batch normalization"


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    layers, channels = [], in_channels
    for filters in FILTERS:
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        layers += [nn.BatchNorm2d(filters)] if not None else []
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    layers += [nn.Flatten(), nn.Linear(channels * (image_size // 4) ** 2, HIDDEN), nn.ReLU()]
    layers += [nn.Dropout(dropout), nn.Linear(HIDDEN, n_classes)]
    return nn.Sequential(*layers)
