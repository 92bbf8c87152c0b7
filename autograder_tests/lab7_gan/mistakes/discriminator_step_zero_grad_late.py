"""The discriminator's gradients are set to zero after backward: its step does nothing."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "In which order do zero_grad, backward and step have to come?"
LECTURE = "lecture 3, Back-propagation"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()
