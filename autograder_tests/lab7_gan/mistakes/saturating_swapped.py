"""generator_loss has its two forms the wrong way round."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "log(1 - D) is flat where D is near 0: that is the one that saturates."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_loss(fake_logits, saturating=False):
    if not saturating:
        return -functional.softplus(fake_logits).mean()
    return functional.softplus(-fake_logits).mean()
