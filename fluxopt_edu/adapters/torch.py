"""Flux's rules as PyTorch optimisers."""

import numpy as np
import torch

from ..arrays import full_like
from ..precision import COMPUTE
from ..rule import start_of
from .evaluation import Evaluation
from .links import checked_optimiser, links, settings

# What PyTorch calls ours, or nearly.
ELSEWHERE = {"betas": "beta", "eps": "epsilon", "momentum": "rho", "alpha": "rho", "weight_decay": "decay"}
OURS = {"lr", "eta", "rho", "beta", "epsilon", "decay"}
HALF = {torch.float16, torch.bfloat16}
WIDE = {torch.float32: torch.float64, torch.complex64: torch.complex128}


def as_torch(opt, params, *, flux_float32=False):
    """A PyTorch optimiser that does Flux's steps.

    Parameters
    ----------
    opt : Optimiser
        A rule or a chain. Its hyper-parameters are copied; of states that it has, none is taken.
    params : iterable of tensors, of pairs (name, tensor), or of dicts
        As for every optimiser of PyTorch: ``model.parameters()``, ``model.named_parameters()``, or
        parameter groups. Dense tensors of floats, real or complex, of any shape.
    flux_float32 : bool, default False
        Compute float32 as Flux does, in float64 and rounded where Flux stores, and get Flux's own
        numbers to the last bit. Without it float32 is computed in float32.

    Returns
    -------
    torch.optim.Optimizer
        A parameter group has the rule's hyper-parameters under our names, ``beta``, ``epsilon``,
        and so on, and η as ``lr``, which schedulers set; ``eta`` is accepted as well. In a chain
        each name has its link's position before it, ``0.decay``, ``1.rho``. There ``lr`` is the one
        η; where several links have an η, they are ``0.eta``, ``1.eta`` and the group has no ``lr``.

    Raises
    ------
    TypeError
        `opt` is not an optimiser, or a parameter holds no floats, or complex ones for a rule that
        takes a maximum. In a step: a gradient is sparse.
    ValueError
        A parameter group has a hyper-parameter that is out of range, or that the rule does not
        have. In a step: a gradient or a state does not have the parameter's shape. At a
        scheduler's start: the group has no ``lr``, as with AdaDelta, which has no η.

        All parameters and gradients are checked before the first one changes.

    Notes
    -----
    On the processor, float64 has the very bits of `Optimiser.apply`, and so of Flux v0.12.10;
    float32 those of `apply` in float32, or of Flux with `flux_float32`; float16 those of `apply`.
    bfloat16 is computed as float16, in float64 and rounded where Flux stores. Complex parameters
    are updated by Flux's formula, not as two real ones, as PyTorch's own optimisers do; they agree
    with Flux to 1e-15. Other devices have not been measured.

    A parameter whose gradient is None is skipped, and its powers of β wait with it, as in Flux.
    ``state_dict`` holds them in float64, whatever the parameter's dtype, so that a run that is
    saved and resumed is bit-identical to one that was not.

    What a scheduler does not reach: AdamW's ``decay`` is not multiplied by ``lr``. `OneCycleLR` and
    `CyclicLR` want ``cycle_momentum=False``, as they know momentum under PyTorch's names only.

    ``functools.partial(as_torch, opt)`` is what takes parameters alone.

    Examples
    --------
    >>> import torch
    >>> from fluxopt_edu import Adam
    >>> w = torch.tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = as_torch(Adam(eta=0.1), [w])
    >>> scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=50, gamma=0.5)
    >>> for _ in range(100):
    ...     optimizer.zero_grad()
    ...     (w**2).sum().backward()
    ...     optimizer.step()
    ...     scheduler.step()
    >>> bool(w.abs().max() < 0.1), optimizer.param_groups[0]["lr"]
    (True, 0.025)

    Each group with its own hyper-parameters:

    >>> b = torch.zeros(2, requires_grad=True)
    >>> optimizer = as_torch(Adam(), [{"params": [w], "lr": 0.01}, {"params": [b], "beta": (0.8, 0.99)}])
    >>> [(group["lr"], group["beta"]) for group in optimizer.param_groups]
    [(0.01, (0.9, 0.999)), (0.001, (0.8, 0.99))]
    """
    return FluxOptimizer(checked_optimiser(opt), params, flux_float32)


class FluxOptimizer(torch.optim.Optimizer):
    """A rule of Flux as an optimiser of PyTorch; see `as_torch`."""

    def __init__(self, rule, params, flux_float32):
        self._take(rule, flux_float32)
        super().__init__(params, {key: getattr(setting.rule, setting.name) for key, setting in self._settings.items()})

    def _take(self, rule, flux_float32):
        self.rule, self.flux_float32 = rule, flux_float32
        self._links = links(rule)
        self._settings = _with_lr(settings(rule))

    # Parameter groups

    def add_param_group(self, param_group):
        """Add a parameter group, as `torch.optim.Optimizer.add_param_group` does; after an error there is none more."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group is of type {type(param_group).__name__}: expected a dict")
        here, group = f"param_groups[{len(self.param_groups)}]", Group(param_group)
        if "eta" in group and "lr" in self._settings:
            if "lr" in group:
                raise ValueError(f"{here} has lr = {group['lr']!r} and eta = {group['eta']!r}: expected one of them")
            group["lr"] = group.pop("eta")
        self._check_names(here, group)
        self._hyper(here, Group(self.defaults | group))
        super().add_param_group(group)
        try:
            if len(set(group["params"])) < len(group["params"]):
                raise ValueError(f"{here} has a parameter twice: expected each once")
            for name, p in _named(here, group):
                self._check_parameter(name, p)
        except (TypeError, ValueError):
            self.param_groups.pop()
            raise

    def _check_names(self, here, group):
        for name in group:
            # other names are the user's own, or a scheduler's
            if name not in self._settings and name in OURS | ELSEWHERE.keys():
                hint = f", and {ELSEWHERE[name]} for PyTorch's {name}" if ELSEWHERE.get(name) in self._settings else ""
                if name == "weight_decay" and hint:
                    hint += ", times lr"
                raise ValueError(f"{here} has {name!r}: {self._expected(hint)}")

    def _expected(self, hint=""):
        return f"expected {', '.join(self._settings) or 'none'}{hint}, the hyper-parameters of {self.rule}"

    def _hyper(self, here, group):
        """The hyper-parameters of each link in a parameter group, checked."""
        values = [{name: getattr(link.rule, name) for name in link.rule.hyper} for link in self._links]
        for key, setting in self._settings.items():
            if key not in group:
                raise ValueError(f"{here} has no {key!r}: {self._expected()}")
            (own,) = (hyper for link, hyper in zip(self._links, values) if link.rule is setting.rule)
            try:
                own[setting.name] = setting.rule._checked(setting.name, group[key])
            except (TypeError, ValueError) as error:
                raise type(error)(f"{here}[{key!r}]: {error}") from None
        return values

    # Steps

    @torch.no_grad()
    def step(self, closure=None):
        """Subtract one step from each parameter that has a gradient.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and the gradients anew.

        Returns
        -------
        The loss that `closure` returns, or None.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for p, g, state, hyper in [given for k in range(len(self.param_groups)) for given in self._given(k)]:
            step, new = self._stepped(p, g, state, hyper)
            p.sub_(step)
            if new:
                self.state[p] = new
        return loss

    def _given(self, position):
        """The parameters of a group that have a gradient, with gradient, state and hyper-parameters, all of them checked."""
        here, group = f"param_groups[{position}]", self.param_groups[position]
        self._check_names(here, group)
        hyper = self._hyper(here, group)
        for name, p in _named(here, group):
            if p.grad is not None:
                self._check_parameter(name, p)
                state = self.state.get(p) or self._start(p, hyper)
                self._check_state(name, p, state)
                yield p, _checked_gradient(name, p), state, hyper

    def _start(self, p, hyper):
        state = {}
        for link, own in zip(self._links, hyper):
            for part in link.states:
                start = start_of(part.default, own.__getitem__)
                state[part.key] = start if part.is_scalar else full_like(p.detach(), start)
        return state

    def _stepped(self, p, g, state, hyper):
        wide = torch.float64 if p.dtype in HALF else WIDE.get(p.dtype) if self.flux_float32 else None
        new = {}
        for link, own in zip(self._links, hyper):
            before = {part.name: state[part.key] for part in link.states}
            run = TorchEvaluation(link, own).on({"g": g, "x": p.detach()} | before, p.dtype, wide)
            for part in link.states:
                new[part.key] = run(link.record.new[part.name])
            g = run(link.record.step)
        return g, new

    # What may be updated

    def _check_parameter(self, name, p):
        if p.layout != torch.strided:
            raise TypeError(f"{name} has layout {p.layout}: expected a dense parameter")
        if not (p.is_floating_point() or p.is_complex()):
            raise TypeError(f"{name} has dtype {p.dtype}: expected real or complex floats")
        if p.is_complex() and any(link.is_ordered for link in self._links):
            raise TypeError(f"{name} has dtype {p.dtype}: expected real numbers, which have an order: {self.rule} takes a maximum")

    def _check_state(self, where, p, state):
        parts = {part.key: part for link in self._links for part in link.states}
        if not isinstance(state, dict) or state.keys() != parts.keys():
            found = sorted(map(str, state)) if isinstance(state, dict) else repr(state)
            raise ValueError(f"the state of {where} has the parts {found}: expected {sorted(parts)}, those of {self.rule}")
        for key, part in parts.items():
            what, value = f"the state {key} of {where}", state[key]
            if part.is_scalar:
                if not _are_numbers(value, part.is_pair):
                    expected = "a pair of numbers" if part.is_pair else "a number"
                    raise ValueError(f"{what} is {value!r}: expected {expected}, as state_dict gives")
            elif not isinstance(value, torch.Tensor):
                raise ValueError(f"{what} is of type {type(value).__name__}: expected a tensor")
            elif value.shape != p.shape or value.dtype != p.dtype:
                found, expected = (f"{tuple(t.shape)} and dtype {t.dtype}" for t in (value, p))
                raise ValueError(f"{what} has shape {found}: expected {expected}, the parameter's")

    # Saved and loaded

    def __getstate__(self):
        return super().__getstate__() | {"rule": self.rule, "flux_float32": self.flux_float32}

    def __setstate__(self, state):
        # PyTorch comes here from copies and pickles, and from load_state_dict with state and groups alone
        if "rule" in state:
            self._take(state["rule"], state["flux_float32"])
        groups = [Group(group) for group in state["param_groups"]]
        for position, group in enumerate(groups):
            here = f"param_groups[{position}]"
            self._check_names(here, group)
            self._hyper(here, group)
            for name, p in _named(here, group):
                if state["state"].get(p):
                    self._check_state(name, p, state["state"][p])
        super().__setstate__(state | {"param_groups": groups})

    def __repr__(self):
        return super().__repr__().replace(type(self).__name__, f"as_torch({self.rule})", 1)


class Group(dict):
    """A parameter group, which says why it has no learning rate."""

    def __missing__(self, key):
        if key == "lr":
            several = ", ".join(name for name in self if isinstance(name, str) and name.endswith(".eta"))
            why = f"several, {several}, and a scheduler sets one" if several else "no η, so there is nothing for a scheduler to set"
            raise ValueError(f"this parameter group has no 'lr': expected an optimiser with one learning rate; this one has {why}")
        raise KeyError(key)


class TorchEvaluation(Evaluation):
    """PyTorch's arithmetic, but rounded as IEEE 754 says where PyTorch does otherwise."""

    def cast(self, array, dtype):
        # PyTorch rounds twice from float64 to float16, by way of float32
        if dtype == torch.float16 and array.device.type == "cpu":
            return _by_numpy(np.positive, array, dtype)
        return array.to(dtype)


def _divide(a, b):
    # PyTorch multiplies by the reciprocal where a number is divided by a tensor
    if isinstance(b, torch.Tensor) and not isinstance(a, torch.Tensor):
        a = torch.full((), a, dtype=b.dtype, device=b.device)
    return a / b


def _sqrt(x):
    # PyTorch's own, by a vector library, errs in the last bit
    if isinstance(x, torch.Tensor) and x.device.type == "cpu" and x.dtype not in HALF:
        return _by_numpy(np.sqrt, x, x.dtype)
    return COMPUTE["sqrt"](x)


def _by_numpy(function, x, dtype):
    """A tensor of NumPy's numbers, on the same processor."""
    result = torch.empty_like(x, dtype=dtype)
    with np.errstate(all="ignore"):
        function(x.resolve_conj().numpy(), out=result.numpy(), casting="same_kind")
    return result


TorchEvaluation.operations = COMPUTE | {"/": _divide, "sqrt": _sqrt}


def _with_lr(found):
    """The hyper-parameters by name, with η as ``lr`` where there is one."""
    rates = [setting.key for setting in found if setting.name == "eta"]
    return {"lr" if [setting.key] == rates else setting.key: setting for setting in found}


def _named(here, group):
    """Each parameter of a group with its name."""
    names = group.get("param_names") or [f"{here}['params'][{k}]" for k in range(len(group["params"]))]
    return zip(names, group["params"], strict=True)


def _checked_gradient(name, p):
    g = p.grad
    if g.layout != torch.strided:
        raise TypeError(f"the gradient of {name} has layout {g.layout}: expected a dense one, such as grad.to_dense()")
    if g.shape != p.shape:
        raise ValueError(f"the gradient of {name} has shape {tuple(g.shape)}: expected {tuple(p.shape)}, the shape of the parameter")
    return g.detach().to(p.dtype)


def _are_numbers(value, is_pair):
    if is_pair:
        return isinstance(value, tuple) and len(value) == 2 and all(_are_numbers(number, False) for number in value)
    return type(value) in (int, float)
