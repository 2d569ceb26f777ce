"""The call in another library that gives the same trajectory, or the nearest there is."""

from dataclasses import dataclass, replace
from functools import lru_cache

from ..dialects.rule import DialectRule
from ..optimiser import Optimiser, instance
from .call import Note
from .candidates import complete_with, single_moves
from .carry import carried, exactly, number
from .compare import compare
from .correspondence import between
from .counterparts import counterparts
from .libraries import TARGETS
from .numbers import Distance, Parting, distance, parting
from .reading import Reading, read
from .solving import solved
from .system import Settings, copied, system
from .writing import dialect_of, written

LIBRARIES = {
    "flux": "Flux v0.12.10", "optimisersjl": "Optimisers.jl 0.4.8", "torch": "PyTorch 2.13.0", "optax": "optax 0.2.8",
    "keras": "Keras 3.15.1", "fluxopt_edu": "fluxopt_edu",
}  # fmt: skip
MOST_GUESSES = 60
CLEARLY = 1.5  # a guess that is nearer by less than this factor is not worth its odd numbers


def translate(opt, to="torch"):
    """The constructor call in another library that gives the same trajectory.

    Parameters
    ----------
    opt : Optimiser, its class, or a call as text
        A text is parsed and never run; a bare name in it is Flux's. An object of this package is its
        own rule with its own numbers: ``OAdam()`` has η = 0.0001, the text ``"OADAM()"`` 0.001.
    to : {'flux', 'optimisersjl', 'torch', 'optax', 'keras', 'fluxopt_edu'}

    Returns
    -------
    Translation
        True in a condition where a call was found; its text is `Translation.call`.

    Raises
    ------
    CallError
        The text is no call of an optimiser that is known here.
    TypeError, ValueError
        `opt` is no optimiser, or `to` no library.

    Examples
    --------
    >>> translate("ADAMW(0.001, (0.9, 0.999), 0.01)", to="torch").call
    'torch.optim.AdamW(params, lr=0.001, weight_decay=10.0)'
    >>> translate("torch.optim.AdamW(lr=1e-3, weight_decay=0.01)", to="flux").call
    'ADAMW(0.001, (0.9, 0.999), 1e-5)'
    >>> translate("RMSProp()", to="keras").nearest.call
    'keras.optimizers.RMSprop(learning_rate=0.001, epsilon=1e-16)'
    """
    if to not in TARGETS:
        raise ValueError(f"translate: to = {to!r}: expected one of {', '.join(TARGETS)}")
    reading = _reading(opt)
    return Translation(reading.optimiser, to, reading.notes, _best(Settings(reading.optimiser), to))


def _reading(opt):
    if isinstance(opt, str):
        return read(opt)
    if isinstance(opt, Optimiser) or isinstance(opt, type) and issubclass(opt, Optimiser):
        return Reading(copied(instance(opt)), "")
    raise TypeError(f"translate: {opt!r}: expected an optimiser, its class, or a call as text")


@dataclass(frozen=True)
class Found:
    """A translation that was proved: the optimiser, and by which correspondence."""

    optimiser: object
    correspondence: object


@dataclass(frozen=True)
class Near:
    """The nearest call where none is the same.

    Attributes
    ----------
    optimiser : Optimiser
    call : str
    distance : Distance
    parting : Parting
    steps : tuple of int
        The only steps that differ, where that is proved.
    """

    optimiser: object
    call: str
    distance: Distance
    parting: Parting | None
    steps: tuple = ()


@dataclass(frozen=True, repr=False)
class Translation:
    """What `translate` found.

    Attributes
    ----------
    source : Optimiser
    to : str
    reading : tuple of Note
        What was passed over in the call.
    found : Found or None
    """

    source: object
    to: str
    reading: tuple
    found: Found | None

    def __bool__(self):
        return self.found is not None

    @property
    def optimiser(self):
        """The target library's optimiser, in its dialect here; None if none was found."""
        return copied(self.found.optimiser) if self.found else None

    @property
    def call(self):
        """Its constructor call, ready to paste, where ``params`` stands for PyTorch's parameters; None if none was found."""
        return written(self.optimiser, self.to) if self.found else None

    @property
    def holds_for_changing_learning_rate(self):
        """Whether the trajectories stay the same where both learning rates change alike; None without a translation or a rate."""
        return self.found.correspondence.holds_for_changing_learning_rate if self.found else None

    @property
    def nearest(self):
        """Where nothing is the same, the nearest call, as `Near`; None where the library has no such optimiser."""
        near = None if self.found else _nearest(Settings(self.source), self.to)
        return near and replace(near, optimiser=copied(near.optimiser))

    @property
    def notes(self):
        """What one should know, as `Note`, each in both languages."""
        notes = list(self.reading)
        if self.found:
            if self.holds_for_changing_learning_rate is False:
                notes.append(ONLY_CONSTANT)
            notes += [note for kind, dialect, note in WARNINGS if dialect == self.to and _has(self.optimiser, kind)]
            return tuple(notes)
        library = LIBRARIES[self.to]
        near = self.nearest
        if near is None:
            notes.append(Note(f"{library} has no such optimiser", f"{library} 没有这种优化器"))
        else:
            notes.append(Note(f"no translation found: the nearest in {library} is {near.call}", f"未找到等价换算：{library} 中最接近的是 {near.call}"))
            notes.append(Note(f"it is apart by this share of the way: {near.distance}", f"相差占总路程的比例：{near.distance}"))
            if near.steps:
                several = ", ".join(map(str, near.steps))
                notes.append(Note(f"all other steps are the same: only t = {several} differs", f"其余各步都相同：只有 t = {several} 不同"))
            if near.parting:
                notes.append(Note(f"it parts first at {near.parting}", f"最先在此处分开：{near.parting}"))
            else:
                notes.append(Note("the two do not part on the gradients tried, but no proof was found", "在所试的梯度上两者没有分开，但未能证明相等"))
        return tuple(notes)

    def text(self, lang="en"):
        """The call and the notes, as comments, in one language: a text to paste."""
        lines = [self.call] if self.found else []
        return "\n".join(lines + [f"# {getattr(note, lang)}" for note in self.notes])

    def __repr__(self):
        return self.text()


ONLY_CONSTANT = Note(
    "the same at a constant learning rate only: where it changes in a run, the two part",
    "只在学习率不变时相同：训练中改变学习率，两者便会分开",
)
WARNINGS = (
    ("AdamW", "flux", Note(
        "Flux v0.12.10 to v0.14.25: v0.12.5 to v0.12.9 and v0.15 on multiply the decay by η",
        "适用于 Flux v0.12.10 至 v0.14.25：v0.12.5 至 v0.12.9 以及 v0.15 起，衰减还要乘 η",
    )),
    ("AdaBelief", "flux", Note(
        "Flux v0.12.10 and v0.13.0: the same call is another rule from v0.13.1 on",
        "适用于 Flux v0.12.10 和 v0.13.0：自 v0.13.1 起，同一调用是另一条规则",
    )),
)  # fmt: skip


def _has(opt, kind):
    return any(type(link).__name__ == kind for link in (opt, *getattr(opt, "links", ())))


# Finding it


@lru_cache(maxsize=4096)
def _best(key, to):
    """The first of the target's optimisers that is proved the same, and stays so when the learning rate changes, if one does."""
    opt, found = key.opt, None
    if dialect_of(opt) == to or to == "flux" and not isinstance(opt, DialectRule) and dialect_of(opt) == "fluxopt_edu":
        if not _foreign(opt, to):
            return Found(opt, _identity(opt))
    source = system(opt)
    for candidate in counterparts(opt, to):
        for c in between(opt, candidate):
            target = carried(c)
            if target is None:
                continue
            if c.holds_for_changing_learning_rate is not False:
                return Found(target, c)
            found = found or Found(target, c)
    return found


def _foreign(opt, to):
    """Whether a chain has a link that its library cannot write."""
    return any(isinstance(link, DialectRule) and link.dialect != to for link in getattr(opt, "links", (opt,)))


def _identity(opt):
    return between(opt, opt)[0]


# What comes nearest


@lru_cache(maxsize=1024)
def _nearest(key, to):
    """Of the target's optimisers with these numbers, and with those that single substitutions make of them, the nearest."""
    opt, best = key.opt, None
    for candidate in counterparts(opt, to):
        for c in between(opt, candidate):
            target = carried(c, but_for_steps=True) if c.proof.exceptions else None
            if target is not None:
                steps = compare(opt, target).steps
                return Near(target, written(target, to), distance(opt, target), parting(opt, target), steps)
    for candidate in _guesses(opt, to):
        apart = distance(opt, candidate)
        if best is None or apart.nearer(best[0], CLEARLY):
            best = apart, candidate
    if best is None:
        return None
    return Near(best[1], written(best[1], to), best[0], parting(opt, best[1]))


def _guesses(opt, to):
    source, seen = system(opt), set()
    for candidate in counterparts(opt, to):
        target = system(candidate)
        for move in single_moves(source, target):
            for of_a, of_b in complete_with(source, target, move):
                guess = _guess(source, target, of_a, of_b)
                if guess is not None and repr(guess) not in seen:
                    seen.add(repr(guess))
                    yield guess
                if len(seen) >= MOST_GUESSES:
                    return


def _guess(source, target, of_a, of_b):
    """The target with the numbers that a substitution makes of the source's, in the long run and as far as they fit."""
    own = {n: exactly(v) for n, v in source.values.items()}
    late = 10**6
    try:
        known, _ = solved(tuple(of_a.items()))
        common = {n: number(e, own, late) for n, e in known.items()}
        return target.with_values({n: float(number(e, common, late)) for n, e in of_b.items()})
    except (ValueError, TypeError, KeyError, ArithmeticError):
        return None
