"""Flux's rules as gradient transformations for JAX."""

import functools

import jax
import jax.numpy as jnp
import optax

from ..rule import start_of
from .evaluation import Evaluation
from .links import checked_optimiser, links, settings

HALF = {jnp.dtype("float16"), jnp.dtype("bfloat16")}


def as_optax(opt, **hyper):
    """An optax gradient transformation that does Flux's steps.

    Parameters
    ----------
    opt : Optimiser
        A rule or a chain. Its hyper-parameters are read now, and stand as constants in what
        ``jax.jit`` compiles; of states that it has, none is taken.
    **hyper : number, pair of numbers, or jax.Array
        Hyper-parameters that replace those of `opt`. JAX arrays may be traced: this is what
        ``optax.inject_hyperparams`` needs, and with it schedules. In a chain their names have the
        link's position before them: ``**{"1.eta": 0.1}``.

    Returns
    -------
    optax.GradientTransformation
        ``init(params)`` and ``update(grads, state, params)``; the updates are to be added, as
        ``optax.apply_updates`` does. Parameters are any pytree of JAX or NumPy arrays of floats,
        real or complex. The state is a dict of the rule's states by name; those that have the
        parameter's shape are pytrees like the parameters, with their sharding. A chain has a tuple
        of such dicts.

    Raises
    ------
    TypeError
        `opt` is not an optimiser; a hyper-parameter is no number. In `init` and `update`: a leaf
        holds no floats, or complex ones for a rule that takes a maximum.
    ValueError
        A hyper-parameter is out of range or not one of the rule's. In `update`: `params` is None,
        and the rule reads it, as WeightDecay and AdamW do; structures or shapes do not match.

    Notes
    -----
    In float64, which JAX has under ``jax_enable_x64``, a step agrees with `Optimiser.apply`, and so
    with Flux v0.12.10, to 1e-15 of the largest step of its coordinate, and in float32 to 1e-6. The
    last bit can differ: XLA multiplies by the reciprocal where an array is divided by a scalar, and
    rounds a product and a sum once.

    Scalars, such as the powers of β, are computed in float64 in any case, and stored as float64 or
    as two float32, whose sum they are. float16 and bfloat16 are computed in float64 and rounded
    where Flux stores.

    Each of these subtracts: to run rules one after the other, give a `chain`, not an ``optax.chain``
    of several.

    Both answers to RAdam's question whether ρ > 4 are compiled, with ``jax.lax.cond``.

    Examples
    --------
    >>> import jax, jax.numpy as jnp, optax
    >>> from fluxopt_edu import Adam
    >>> tx = as_optax(Adam(eta=0.1))
    >>> params = {"w": jnp.array([1.0, -2.0])}
    >>> state = tx.init(params)
    >>> @jax.jit
    ... def step(params, state):
    ...     grads = jax.grad(lambda params: (params["w"] ** 2).sum())(params)
    ...     updates, state = tx.update(grads, state, params)
    ...     return optax.apply_updates(params, updates), state
    >>> for _ in range(100):
    ...     params, state = step(params, state)
    >>> bool(abs(params["w"]).max() < 0.1)
    True

    A learning rate with a schedule, and one that is set between compiled steps:

    >>> schedule = optax.cosine_decay_schedule(0.1, decay_steps=100)
    >>> tx = optax.inject_hyperparams(lambda eta: as_optax(Adam(), eta=eta))(eta=schedule)
    >>> tx = optax.inject_hyperparams(lambda eta: as_optax(Adam(), eta=eta))(eta=0.1)
    >>> state = tx.init(params)
    >>> state.hyperparams["eta"] = jnp.asarray(0.05)
    """
    rule = checked_optimiser(opt)
    traced = {}  # by rule and name
    known = {setting.key: setting for setting in settings(rule)}
    for key, value in hyper.items():
        if key not in known:
            raise ValueError(f"{key} = {value!r}: expected {', '.join(known) or 'none'}, the hyper-parameters of {rule}")
        setting = known[key]
        if callable(value):
            raise TypeError(f"{key} is a schedule, {value!r}: expected a number, or optax.inject_hyperparams around as_optax")
        if isinstance(value, jax.Array):
            traced[setting.rule, setting.name] = _checked_array(key, value, getattr(setting.rule, setting.name))
        else:
            setattr(setting.rule, setting.name, value)
    found = links(rule)
    values = [{name: traced.get((link.rule, name), getattr(link.rule, name)) for name in link.rule.hyper} for link in found]
    last = len(found) - 1
    transformations = [_transformation(link, own, k == last) for k, (link, own) in enumerate(zip(found, values))]
    return optax.chain(*transformations) if hasattr(rule, "links") else transformations[0]


def _transformation(link, hyper, negated):
    """One formula; `negated` where its step is subtracted rather than given to another."""
    states, reads_x = link.states, "x" in link.rule.reads

    @_with_float64
    def init(store, params):
        params = jax.tree_util.tree_map_with_path(_checked_parameter, params)
        state = {}
        for part in states:
            start = start_of(part.default, _in_double(hyper).__getitem__)
            state[part.name] = store(start) if part.is_scalar else jax.tree.map(lambda x: jnp.full_like(x, start), params)
        return state

    @_with_float64
    def update(store, updates, state, params=None):
        if params is None and reads_x:
            raise ValueError(f"update: params = None: expected the parameters, update(grads, state, params), as {link.rule} reads them")
        paths, structure = jax.tree_util.tree_flatten_with_path(updates)
        scalars = OptaxEvaluation(link, _in_double(hyper) | {part.name: _read(state[part.name]) for part in states if part.is_scalar})
        arrays = {part.name: _flat(structure, state[part.name], f"state[{part.name!r}]") for part in states if not part.is_scalar}
        xs = None if params is None else _flat(structure, params, "params")
        new, steps = {name: [] for name in arrays}, []
        for k, (path, g) in enumerate(paths):
            before = {name: values[k] for name, values in arrays.items()}
            # the parameter if it is there, or else something like it
            x = _checked_parameter(path, xs[k] if xs else next(iter(before.values()), g))
            g = _checked_gradient(path, x, g)
            run = scalars.on({"g": g, "x": x} | before, x.dtype, jnp.float64 if x.dtype in HALF else None)
            for name in arrays:
                new[name].append(run(link.record.new[name]))
            step = run(link.record.step)
            steps.append(-step if negated else step)
        after = {name: structure.unflatten(values) for name, values in new.items()}
        for part in states:
            if part.is_scalar:
                after[part.name] = store(scalars(link.record.new[part.name]))
        return structure.unflatten(steps), after

    return optax.GradientTransformation(init, update)


class OptaxEvaluation(Evaluation):
    """JAX's arithmetic, in which a scalar may be an array too, and may be traced."""

    def cast(self, array, dtype):
        return array.astype(dtype)

    def beside(self, scalar, array):
        return scalar.astype(jnp.finfo(array.dtype).dtype) if isinstance(scalar, jax.Array) else scalar

    def is_float(self, scalar):
        return isinstance(scalar, float) or isinstance(scalar, jax.Array) and jnp.issubdtype(scalar.dtype, jnp.floating)

    def either(self, condition, yes, no):
        if not isinstance(condition, jax.Array):
            return super().either(condition, yes, no)
        # one branch runs, so that the other's NaN reaches no derivative
        return jax.lax.cond(condition, yes, no)


def _with_float64(function):
    """`function`, run where JAX has float64, with a first argument that stores scalars as the caller can hold them."""

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        store = _in_float64 if jax.config.jax_enable_x64 else _in_two_float32
        with jax.enable_x64(True):
            return function(store, *args, **kwargs)

    return wrapped


def _in_float64(value):
    # of no weak type: what stays the same in a loop or a file
    return jax.tree.map(lambda number: jnp.asarray(number, dtype=int if _is_integer(number) else float), value)


def _in_two_float32(value):
    """A float as the sum of two: 1 - βt, from one float32, would have three right digits less in the first steps."""

    def stored(number):
        if _is_integer(number):
            return jnp.asarray(number, dtype=jnp.int32)
        high = jnp.asarray(number, dtype=jnp.float32)
        return jnp.stack([high, (number - high.astype(float)).astype(jnp.float32)])

    return jax.tree.map(stored, value)


def _in_double(hyper):
    """Hyper-parameters whose products with each other are not rounded to float32, as schedules give them."""
    return jax.tree.map(lambda number: number.astype(float) if isinstance(number, jax.Array) else number, hyper)


def _read(stored):
    """A scalar state as it was before it was stored."""
    return jax.tree.map(lambda part: part.astype(float).sum() if jnp.ndim(part) else part, stored)


def _is_integer(number):
    return jnp.issubdtype(jnp.result_type(number), jnp.integer)


def _flat(structure, tree, name):
    try:
        return structure.flatten_up_to(tree)
    except ValueError as error:
        raise ValueError(f"{name} has not the structure of updates: {error}") from None


def _checked_array(key, value, number):
    shape = (2,) if isinstance(number, tuple) else ()
    if value.shape != shape or not jnp.issubdtype(value.dtype, jnp.number) or jnp.iscomplexobj(value):
        raise TypeError(f"{key} has shape {value.shape} and dtype {value.dtype}: expected {shape} and real numbers")
    return tuple(value) if shape else value


def _checked_parameter(path, x):
    x = jnp.asarray(x)
    if not jnp.issubdtype(x.dtype, jnp.inexact):
        raise TypeError(f"params{jax.tree_util.keystr(path)} has dtype {x.dtype}: expected real or complex floats")
    return x


def _checked_gradient(path, x, g):
    g, where = jnp.asarray(g), jax.tree_util.keystr(path)
    if g.shape != x.shape:
        raise ValueError(f"updates{where} has shape {g.shape}: expected {x.shape}, the shape of the parameter")
    if jnp.iscomplexobj(g) and not jnp.iscomplexobj(x):
        raise TypeError(f"updates{where} has dtype {g.dtype}, but the parameter is real ({x.dtype}): expected a real gradient")
    return g.astype(x.dtype)
