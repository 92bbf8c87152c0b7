"""value takes one mean over real examples and fakes together."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "Each expectation has its own number of examples."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float(np.concatenate([np.log(d_real), np.log1p(-d_fake)]).mean())
