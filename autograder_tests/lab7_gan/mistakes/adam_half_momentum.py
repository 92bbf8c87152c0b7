"""Adam has beta1 = 0.5, as in DCGAN, instead of 0."""

CAUGHT_BY = ("optimizers",)
HINT = "Print the optimiser: what are its betas?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.5, 0.99))
