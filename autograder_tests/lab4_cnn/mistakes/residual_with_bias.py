"""The convolutions of the block have biases, which the batch norm behind each takes away again."""

from torch import nn
from torch.nn import functional as F

CAUGHT_BY = ("residual_block",)
HINT = "What does batch norm do with a number that is added everywhere?"
LECTURE = "lecture 2, Residual networks"


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        path = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(path + self.shortcut(x))
