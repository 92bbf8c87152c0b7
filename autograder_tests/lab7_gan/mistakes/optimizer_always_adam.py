"""make_optimizer gives Adam whatever its name says."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = 'With name="sgd" plain gradient steps are asked for.'
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.0, 0.99))
    return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.0, 0.99))
