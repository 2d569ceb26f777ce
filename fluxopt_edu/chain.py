"""Rules one after the other: each link's step is the next one's gradient, as in Flux's Optimiser."""

import inspect

from .optimiser import Optimiser, bound, constructor_signature


def chain(*links):
    """The optimiser that runs `links` in order, each on the step of the one before.

    Parameters
    ----------
    *links : Optimiser
        At least one. The chain keeps the states; the links' hyper-parameters are set on
        ``opt.links[0]``, ``opt.links[1]``, …

    Returns
    -------
    Optimiser

    Raises
    ------
    TypeError
        A link is not an optimiser, or there is none.

    Examples
    --------
    >>> from fluxopt_edu import Momentum, WeightDecay
    >>> opt = chain(WeightDecay(0.5), Momentum(0.1))
    >>> opt
    chain(WeightDecay(decay=0.5), Momentum(eta=0.1, rho=0.9))
    >>> opt.apply(opt.init(2.0), 2.0, 3.0)[1]
    0.4
    """
    return Chain(*links)


def chained(composition):
    """The optimiser class of a function that gives a chain's links from hyper-parameters.

    The hyper-parameters stay attributes of the whole: setting one sets it on the link that has it.
    """
    signature = constructor_signature(inspect.signature(composition).parameters.values())
    return type(composition.__name__, (NamedChain,), {
        "__doc__": composition.__doc__,
        "__module__": composition.__module__,
        "__signature__": signature,
        "composition": staticmethod(composition),
        "hyper": tuple(signature.parameters),
    })  # fmt: skip


class Chain(Optimiser):
    """An optimiser made of others; see `chain`."""

    def __init__(self, *links):
        for position, link in enumerate(links):
            if not isinstance(link, Optimiser):
                raise TypeError(f"chain: link {position} = {link!r}: expected an optimiser, such as Adam()")
        if not links:
            raise TypeError("chain: expected at least one optimiser")
        super().__init__()
        object.__setattr__(self, "links", links)

    def _init(self, x):
        return tuple(link._init(x) for link in self.links)

    def _apply(self, state, x, g, flux_float32=False):
        if not isinstance(state, tuple) or len(state) != len(self.links):
            raise ValueError(f"{self}: state = {state!r}: expected a tuple of {len(self.links)} states from init or apply")
        new = []
        for link, inner in zip(self.links, state):
            inner, g = link._apply(inner, x, g, flux_float32)
            new.append(inner)
        return tuple(new), g

    def _named(self, state, path):
        named = {}
        for position, (link, inner) in enumerate(zip(self.links, state)):
            named |= link._named(inner, (*path, position))
        return named

    def _rebuilt(self, like, path, parts):
        return tuple(
            link._rebuilt(inner, (*path, position), parts) for position, (link, inner) in enumerate(zip(self.links, like))
        )

    def __repr__(self):
        return f"chain({', '.join(map(repr, self.links))})"

    def _constructor_arguments(self):
        return self.links


class NamedChain(Chain):
    """A chain under a name of its own, whose hyper-parameters are those of its links."""

    __repr__ = Optimiser.__repr__
    _constructor_arguments = Optimiser._constructor_arguments

    def __init__(self, *args, **kwargs):
        super().__init__(*self.composition(**bound(type(self), self.__signature__, args, kwargs)))

    def __getattr__(self, name):
        if name in self.hyper:
            return getattr(self._link_with(name), name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def _set(self, name, value):
        setattr(self._link_with(name), name, value)

    def _link_with(self, name):
        return next(link for link in self.links if name in link.hyper)
