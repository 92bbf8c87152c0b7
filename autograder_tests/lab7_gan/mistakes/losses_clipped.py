"""The losses clip probabilities at 1e-7, so that no example costs more than 16.1."""

CAUGHT_BY = ("losses_extreme",)
HINT = "A clipped loss has no gradient where it is needed most."
LECTURE = "lecture 5, Loss Functions"


def discriminator_loss(real_logits, fake_logits):
    real, fake = (torch.sigmoid(z).clamp(1e-7, 1 - 1e-7) for z in (real_logits, fake_logits))
    return -torch.log(real).mean() - torch.log(1 - fake).mean()


def generator_loss(fake_logits, saturating=False):
    fake = torch.sigmoid(fake_logits).clamp(1e-7, 1 - 1e-7)
    return torch.log(1 - fake).mean() if saturating else -torch.log(fake).mean()
