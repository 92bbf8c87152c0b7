"""The losses add 1e-8 to a probability before the logarithm, so that they stop at 18.4."""

CAUGHT_BY = ("losses_extreme",)
HINT = "A small number in the logarithm bounds the loss and takes away its gradient."
LECTURE = "lecture 5, Loss Functions"


def discriminator_loss(real_logits, fake_logits):
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(-fake_logits)
    return -torch.log(real + 1e-8).mean() - torch.log(fake + 1e-8).mean()


def generator_loss(fake_logits, saturating=False):
    if saturating:
        return torch.log(torch.sigmoid(-fake_logits) + 1e-8).mean()
    return -torch.log(torch.sigmoid(fake_logits) + 1e-8).mean()
