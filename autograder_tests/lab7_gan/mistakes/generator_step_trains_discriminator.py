"""The discriminator is updated in the generator's step too."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "In this step only the generator learns."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    both = nn.ModuleList([generator, discriminator])
    both.zero_grad()
    loss.backward()
    make_optimizer(both, optimizer.param_groups[0]["lr"], "sgd").step()
    return loss.item()
