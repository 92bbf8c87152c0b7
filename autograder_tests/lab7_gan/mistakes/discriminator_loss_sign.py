"""discriminator_loss is V itself: minimising it makes the discriminator worse."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "Lecture 2's max over D becomes a loss when its sign is turned."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    return -functional.softplus(-real_logits).mean() - functional.softplus(fake_logits).mean()
