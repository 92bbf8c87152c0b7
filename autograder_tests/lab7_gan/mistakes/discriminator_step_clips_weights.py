"""The discriminator's weights are clipped to 0.01 after the step."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "Clipping belongs to the Wasserstein GAN, which has another loss."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for p in discriminator.parameters():
            p.clamp_(-0.01, 0.01)
    return loss.item()
