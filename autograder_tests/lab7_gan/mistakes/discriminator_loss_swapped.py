"""The discriminator is taught that real examples are fake and fakes real."""

CAUGHT_BY = ("losses_worked", "losses_random", "losses_extreme")
HINT = "For a logit of 1e3 on a real example the loss should be 0."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    return functional.softplus(real_logits).mean() + functional.softplus(-fake_logits).mean()
