"""The discriminator's step learns from the real examples only."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "A discriminator that has never seen a fake calls everything real."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake).detach())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
