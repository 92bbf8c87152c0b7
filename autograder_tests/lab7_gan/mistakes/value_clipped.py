"""value clips its probabilities at 1e-7."""

CAUGHT_BY = ("value_random",)
HINT = "The logarithm of 1e-30 is an ordinary number."
LECTURE = "lecture 2, Generative Adversarial Networks"


def value(d_real, d_fake):
    return float(
        np.log(np.clip(d_real, 1e-7, 1)).mean() + np.log(np.clip(1 - d_fake, 1e-7, 1)).mean()
    )
