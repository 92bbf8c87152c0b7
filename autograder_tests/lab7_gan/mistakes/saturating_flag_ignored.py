"""generator_loss ignores its argument saturating."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "With saturating=True the generator's part of V is asked for."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_loss(fake_logits, saturating=False):
    return functional.softplus(-fake_logits).mean()
