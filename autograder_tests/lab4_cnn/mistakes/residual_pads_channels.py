"""Where shapes change x is cut and filled up with zeros instead of projected."""

from torch import nn
from torch.nn import functional as F

CAUGHT_BY = ("residual_block",)
HINT = "The statement asks for a 1 by 1 convolution with batch norm where shapes change."
LECTURE = "lecture 2, Residual networks"


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.stride, self.extra = stride, out_channels - in_channels

    def forward(self, x):
        path = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(
            path + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.extra))
        )
