"""Adam's two betas are the wrong way round."""

CAUGHT_BY = ("optimizers",)
HINT = "betas=(beta1, beta2): which of the two is 0?"
LECTURE = "lecture 5, Gradient Descent"


def make_optimizer(model, learning_rate, name="adam"):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.99, 0.0))
