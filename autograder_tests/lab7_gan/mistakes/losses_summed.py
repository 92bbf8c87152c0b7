"""The losses are sums over the batch instead of means."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "What does the loss do when every example is there twice?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    return functional.softplus(-real_logits).sum() + functional.softplus(fake_logits).sum()


def generator_loss(fake_logits, saturating=False):
    if saturating:
        return -functional.softplus(fake_logits).sum()
    return functional.softplus(-fake_logits).sum()
