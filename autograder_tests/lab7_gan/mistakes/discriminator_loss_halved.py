"""discriminator_loss is half of what is asked."""

CAUGHT_BY = ("losses_worked", "losses_random")
HINT = "The two means are added."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    return 0.5 * (
        functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()
    )
