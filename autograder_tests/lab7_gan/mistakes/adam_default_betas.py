"""Adam has the library's betas 0.9 and 0.999 instead of 0 and 0.99."""

CAUGHT_BY = ("optimizers",)
HINT = "Print the optimiser: what are its betas?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.Adam(model.parameters(), lr=learning_rate)
