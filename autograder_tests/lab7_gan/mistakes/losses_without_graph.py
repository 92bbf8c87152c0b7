"""The losses come back as plain numbers: backward has nothing to go back through."""

CAUGHT_BY = ("first_discriminator_step",)
HINT = "What does .item() or float() cut off?"
LECTURE = "lecture 3, Back-propagation"


_discriminator_loss, _generator_loss = discriminator_loss, generator_loss


def discriminator_loss(real_logits, fake_logits):
    return _discriminator_loss(real_logits, fake_logits).item()


def generator_loss(fake_logits, saturating=False):
    return _generator_loss(fake_logits, saturating).item()
