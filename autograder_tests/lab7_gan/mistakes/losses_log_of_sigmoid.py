"""The losses take the logarithm of a probability, which underflows to 0."""

CAUGHT_BY = ("losses_extreme",)
HINT = "log(sigmoid(z)) can be simplified before it is computed."
LECTURE = "lecture 5, Loss Functions"


def discriminator_loss(real_logits, fake_logits):
    return (
        -torch.log(torch.sigmoid(real_logits)).mean()
        - torch.log(1 - torch.sigmoid(fake_logits)).mean()
    )


def generator_loss(fake_logits, saturating=False):
    if saturating:
        return torch.log(1 - torch.sigmoid(fake_logits)).mean()
    return -torch.log(torch.sigmoid(fake_logits)).mean()
