"""discriminator_loss looks at the real examples only."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "Which term of V is missing?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    return functional.softplus(-real_logits).mean()
