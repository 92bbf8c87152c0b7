"""interpolate stops one point before z1."""

CAUGHT_BY = ("interpolation_ends",)
HINT = "n points, both ends included: how many steps lie between?"
LECTURE = "lecture 2, Application: Face arithmetic"


@torch.no_grad()
def interpolate(generator, z0, z1, n):
    share = torch.arange(n)[:, None] / n
    return generator((1 - share) * z0 + share * z1)
