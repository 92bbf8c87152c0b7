"""The discriminator's gradient is clipped to norm 0.1."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "A plain step is the learning rate times the gradient."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(discriminator.parameters(), 0.1)
    optimizer.step()
    return loss.item()
