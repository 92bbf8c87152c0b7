"""The losses go through binary_cross_entropy of probabilities, which stops at 100."""

CAUGHT_BY = ("losses_extreme",)
HINT = "Which function of torch takes logits instead of probabilities?"
LECTURE = "lecture 5, Loss Functions"


def discriminator_loss(real_logits, fake_logits):
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    bce = functional.binary_cross_entropy
    return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))


def generator_loss(fake_logits, saturating=False):
    fake = torch.sigmoid(fake_logits)
    bce = functional.binary_cross_entropy
    if saturating:
        return -bce(fake, torch.zeros_like(fake))
    return bce(fake, torch.ones_like(fake))
