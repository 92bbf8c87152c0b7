"""discriminator_step makes two steps."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "One call, one step."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    for turn in range(2):
        loss = discriminator_loss(discriminator(real), discriminator(fake))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        first = loss.item() if turn == 0 else first
    return first
