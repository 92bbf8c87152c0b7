"""value adds up logarithms instead of averaging them."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "An expectation is estimated by a mean."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float(np.log(d_real).sum() + np.log1p(-d_fake).sum())
