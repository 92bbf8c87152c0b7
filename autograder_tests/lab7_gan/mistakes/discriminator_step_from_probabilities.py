"""The discriminator's step takes logarithms of probabilities, which are 0 where it is certain."""

CAUGHT_BY = ("confident_steps",)
HINT = "Take the loss from the logits."
LECTURE = "lecture 5, Loss Functions"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    real_probs, fake_probs = torch.sigmoid(discriminator(real)), torch.sigmoid(discriminator(fake))
    loss = -torch.log(real_probs + 1e-8).mean() - torch.log(1 - fake_probs + 1e-8).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
