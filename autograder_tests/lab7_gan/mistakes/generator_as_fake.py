"""The generator is rewarded when its examples are taken for fakes."""

CAUGHT_BY = ("losses_worked", "losses_random", "generator_step_exact")
HINT = "What should the discriminator say of a good fake?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_loss(fake_logits, saturating=False):
    if saturating:
        return -functional.softplus(fake_logits).mean()
    return functional.softplus(fake_logits).mean()
