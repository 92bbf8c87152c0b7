"""The saturating loss has the wrong sign: minimising it makes fakes look more fake."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "The generator minimises its part of V, as lecture 2 writes it."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_loss(fake_logits, saturating=False):
    if saturating:
        return functional.softplus(fake_logits).mean()
    return functional.softplus(-fake_logits).mean()
