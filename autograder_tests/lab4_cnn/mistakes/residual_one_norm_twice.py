"""Both convolutions go through the same batch norm; the second one is never used."""

from torch import nn
from torch.nn import functional as F

CAUGHT_BY = ("residual_block",)
HINT = "Print which module each line of forward uses."
LECTURE = "lecture 2, Residual networks"


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        path = self.norm1(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(path + self.shortcut(x))
