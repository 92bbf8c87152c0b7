"""The losses take the sigmoid of the logits and hand it to a loss that takes it again."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "BCEWithLogits has the sigmoid in it."
LECTURE = "lecture 5, Loss Functions"


def discriminator_loss(real_logits, fake_logits):
    real, fake = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def generator_loss(fake_logits, saturating=False):
    fake = torch.sigmoid(fake_logits)
    return -functional.softplus(fake).mean() if saturating else functional.softplus(-fake).mean()
