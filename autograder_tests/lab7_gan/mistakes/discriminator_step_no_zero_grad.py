"""The discriminator's step adds to the gradients of the steps before."""

CAUGHT_BY = ("gaussian_game", "alternating_steps")
HINT = "What does backward do with gradients that are already there?"
LECTURE = "lecture 3, Back-propagation"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    loss.backward()
    optimizer.step()
    return loss.item()
