"""The discriminator's step aims at 0.9 for real examples, not at 1."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "One-sided label smoothing helps some networks; here it is not asked for."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    real_logits, fake_logits = discriminator(real), discriminator(fake)
    bce = functional.binary_cross_entropy_with_logits
    loss = bce(real_logits, torch.full_like(real_logits, 0.9)) + bce(
        fake_logits, torch.zeros_like(fake_logits)
    )
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
