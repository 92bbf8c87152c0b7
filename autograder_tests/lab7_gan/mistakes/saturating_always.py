"""generator_loss saturates whether asked to or not."""

CAUGHT_BY = ("losses_worked", "losses_random", "generator_step_exact")
HINT = "Compare the gradients of the two losses at a logit of -6."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_loss(fake_logits, saturating=False):
    return -functional.softplus(fake_logits).mean()
