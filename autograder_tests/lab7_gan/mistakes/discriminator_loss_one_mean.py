"""discriminator_loss is one mean over both batches together."""

CAUGHT_BY = ("losses_worked", "losses_random", "discriminator_step_exact")
HINT = "Each of the two expectations is a mean over its own batch."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits, fake_logits])
    labels = torch.cat([torch.ones_like(real_logits), torch.zeros_like(fake_logits)])
    return functional.binary_cross_entropy_with_logits(logits, labels)
