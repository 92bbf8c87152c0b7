"""value divides both sums by the number of real examples."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "How many fakes are there?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float((np.log(d_real).sum() + np.log1p(-d_fake).sum()) / len(d_real))
