"""Calls in Python and Julia: read without being run, and written so that they are read back."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxopt_edu import AdaBelief, Adam, AdamW, Momentum, OAdam, WeightDecay, chain, dialects, rules
from fluxopt_edu.porting import julia_call, python_call
from fluxopt_edu.porting.call import CallError, Other
from fluxopt_edu.porting.libraries import FLUX_NAMES, TARGETS
from fluxopt_edu.porting.reading import read
from fluxopt_edu.porting.writing import number_text, written

torch, optax, keras, jl = dialects.torch, dialects.optax, dialects.keras, dialects.optimisersjl

READ = [
    ("ADAM()", Adam()),
    ("Adam()", Adam()),
    ("Flux.ADAM(0.01)", Adam(0.01)),
    ("Flux.Optimise.ADAMW(0.001, (0.9, 0.999), 0.01)", AdamW(0.001, (0.9, 0.999), 0.01)),
    ("opt = ADAM(1e-2, (.9, .99))", Adam(0.01, (0.9, 0.99))),
    ("Momentum(1_0, 0)  # what a rate", Momentum(10, 0)),
    ("OADAM()", OAdam(eta=0.001)),
    ("OAdam()", OAdam(eta=0.001)),
    ("fluxopt_edu.OAdam()", OAdam(eta=0.0001)),
    ("AdaBelief()", AdaBelief(epsilon=1e-8)),
    ("ADAM(1f-3)", Adam(0.0010000000474974513)),
    ("Optimiser(WeightDecay(1e-4), Momentum(0.1))", chain(WeightDecay(1e-4), Momentum(0.1))),
    ("Flux.Optimiser(Flux.WeightDecay(1e-4), Flux.Momentum(0.1))", chain(WeightDecay(1e-4), Momentum(0.1))),
    ("Optimiser(ADAM())", Adam()),
    ("Optimisers.Adam()", jl.Adam()),
    ("Optimisers.Adam(; η = 0.01, β = (0.8, 0.9), ϵ = 1e-7)", jl.Adam(0.01, (0.8, 0.9), 1e-7)),
    ("Optimisers.AdamW(1e-3, (0.9, 0.999), 0.01; couple = false)", jl.AdamW(1e-3, (0.9, 0.999), 0.01, couple=False)),
    ("Optimisers.AdamW(eta = 0.001, lambda = 0.01)", jl.AdamW(0.001, lambda_=0.01)),
    ("Optimisers.AdamW(λ = 0.01,)", jl.AdamW(lambda_=0.01)),
    ("OptimiserChain(WeightDecay(), Adam())", chain(WeightDecay(5e-4), jl.Adam())),
    ("torch.optim.AdamW(params, lr=1e-3, weight_decay=0.01)", torch.AdamW(0.001)),
    ("torch.optim.AdamW(model.parameters(), 1e-2)", torch.AdamW(0.01)),
    ("torch.optim.AdamW([p for p in model.parameters() if p.ndim > 1], lr=1e-2)", torch.AdamW(0.01)),
    ("torch.optim.Adam([{'params': net.parameters()}], lr=.1)", torch.Adam(0.1)),
    ("optim.SGD(params=net.parameters(), lr=.1, momentum=.9, nesterov=True)", torch.SGD(0.1, 0.9, nesterov=True)),
    ("import torch.optim as o\nopt = o.Adam(m.parameters(), betas=[0.8, 0.9])", torch.Adam(betas=(0.8, 0.9))),
    ("from torch.optim import Adam as A; A(x)", torch.Adam()),
    ("from torch import optim\noptim.NAdam(p, momentum_decay=float('inf'))", torch.NAdam(momentum_decay=math.inf)),
    ("torch.optim.NAdam(p, momentum_decay=math.inf)", torch.NAdam(momentum_decay=math.inf)),
    ("AdamW(params, lr=1e-3)", torch.AdamW(0.001)),
    ("Adam(learning_rate=0.1)", keras.Adam(0.1)),
    ("Adam(eta=0.1)", Adam(0.1)),
    ("AdamW(eta = 0.1, lambda = 0.01)", jl.AdamW(0.1, lambda_=0.01)),
    ("adamw(1e-3)", optax.adamw(1e-3)),
    ("optax.adamw(1e-3, weight_decay=1e-2, mask=None)", optax.adamw(1e-3, weight_decay=0.01)),
    ("optax.rmsprop(1e-3, eps_in_sqrt=False)", optax.rmsprop(1e-3, eps_in_sqrt=False)),
    ("optax.chain(optax.add_decayed_weights(1e-4), optax.sgd(0.1))", chain(WeightDecay(1e-4), optax.sgd(0.1))),
    ("tf.keras.optimizers.Adam(learning_rate=1e-2, name='a')", keras.Adam(0.01)),
    ("tensorflow.keras.optimizers.SGD(+0.1)", keras.SGD(0.1)),
    ("from tensorflow import keras as k; k.optimizers.Nadam()", keras.Nadam()),
]  # fmt: skip


@pytest.mark.parametrize("text, wanted", READ, ids=[text for text, _ in READ])
def test_read(text, wanted):
    assert repr(read(text).optimiser) == repr(wanted)


REFUSED = [
    # the text, what is said, and where (from 0)
    ("torch.optim.AdamW(1e-3)", "stands where the parameters do", 18),
    ("torch.optim.Adma(lr=1)", "no such optimiser here, such as", 0),
    ("torch.optim.Adam(p, learning_rate=1)", "no argument learning_rate", 34),
    ("torch.optim.Adam(p, lr=1, lr2=3)", r"no argument lr2 \(is it lr\?\)", 30),
    ("torch.optim.Adam(p, lr=lr)", "lr = lr: expected a number", 23),
    ("torch.optim.Adam(p, lr=-1)", "lr = -1: expected a finite number", 23),
    ("torch.optim.Adam([{'params': p, 'lr': 1}])", "groups of parameters", 17),
    ("torch.optim.Adam(*a)", "not \\*a", 17),
    ("torch.optim.Adam(**a)", "not \\*\\*a", 19),
    ("keras.optimizers.Adam(clipnorm=1.0)", "clipnorm changes the numbers", 31),
    ("keras.optimizers.Adam(0.1, 0.9, 0.999, 1e-7, True, 0.1, 3)", "too many arguments", 56),
    ("optax.adam(optax.cosine_decay_schedule(1, 2))", "expected a number", 11),
    ("optax.adam()", "learning_rate", 0),
    ("optax.chain(optax.clip(1.0), optax.adam(1e-3))", "changes the numbers and is not covered", 12),
    ("optax.chain(torch.optim.Adam(p))", "expected an optimiser of optax", 12),
    ("jax.example_libraries.optimizers.adam(1)", "no library that is known", 0),
    ("tf.keras.optimizers.legacy.Adam()", "no library that is known", 0),
    ("foo(1)", "expected an optimiser", 0),
    ("ADAM(0.1, 2", "expected ',' or '\\)'", 11),
    ("ADAM(0.1 0.2)", "expected ',' or '\\)'", 9),
    ("ADAM(0.1, (0.9, 0.999)))", "nothing after the call", 23),
    ("ADAM(0.1 * 2)", "is not part of a call", 9),
    ("ADAM(η = 0.1)", "takes numbers in order", 9),
    ("ADAM(-1)", "eta = -1", 0),
    ("ADAM(0.1, (0.9, 0.999), 1e-8, IdDict())", "too many arguments", 30),
    ("Flux.Optimise.InvDecay(0.1)", "not covered", 0),
    ("Optimiser()", "at least one", 0),
    ("Optimiser(0.1)", "expected optimisers", 10),
    ("Optimisers.Adam(gamma = 1)", "no argument gamma", 24),
    ("Optimisers.Adam(0.1, eta = 2)", "given twice", 27),
    ("", "expected", 0),
    ("3", "expected a call", 0),
    ("torch.optim.Adam(", "no Python call", 16),
    ("x = 1; torch.optim.Adam(p)", "expected imports and one call", 0),
    ("(lambda: 1)()", "name of an optimiser", 0),
]


@pytest.mark.parametrize("text, said, position", REFUSED, ids=[text or "nothing" for text, *_ in REFUSED])
def test_refused(text, said, position):
    with pytest.raises(CallError, match=said) as caught:
        read(text)
    assert caught.value.position == position
    assert caught.value.text == text


def test_what_does_not_change_the_numbers_is_noted():
    reading = read("torch.optim.Adam(p, fused=True, foreach=None)")
    assert [str(note) for note in reading.notes] == [f"{n} does not change the numbers and is passed over" for n in ("fused", "foreach")]
    assert all(note.zh for note in reading.notes)


def test_what_a_bare_name_is_taken_for_is_noted():
    assert "torch.optim.AdamW" in str(read("AdamW(params, lr=1e-3)").notes[0])
    assert read("ADAM(0.1)").notes == () and read("OADAM(0.1)").notes == ()
    assert "0.001" in str(read("OADAM()").notes[0])


def test_nothing_is_run(tmp_path):
    trap = tmp_path / "ran"
    opening, making = f"open({str(trap)!r}, 'w')", f"__import__('os').mkdir({str(trap)!r})"
    for text in (f"torch.optim.Adam({opening})", f"torch.optim.Adam(p, lr={making})", making, f"{making}; optax.adam(1)"):
        try:
            read(text)
        except CallError:
            pass
    assert not trap.exists()


MONSTERS = [
    "(" * 3000, "ADAM" + "(" * 3000, "torch.optim.Adam(" + "-" * 5000 + "1)", "ADAM(" + "[" * 400 + ")", "x" * 20000,
    "torch.optim.Adam(p, lr=" + "9" * 5000 + ")", "\0", "ADAM(1e999)", "ADAM(1f999)",
]  # fmt: skip


@pytest.mark.parametrize("text", MONSTERS, ids=lambda text: f"{text[:9]}… of {len(text)}")
def test_monsters(text):
    with pytest.raises(CallError):
        read(text)


# Written


WRITTEN = [
    (torch.AdamW(0.001, weight_decay=10), "torch", "torch.optim.AdamW(params, lr=0.001, weight_decay=10.0)"),
    (torch.NAdam(momentum_decay=math.inf), "torch", 'torch.optim.NAdam(params, lr=0.002, momentum_decay=float("inf"))'),
    (OAdam(), "flux", "OADAM(0.0001)"),
    (OAdam(0.001), "flux", "OADAM(0.001)"),
    (AdaBelief(), "flux", "AdaBelief(0.001)"),
    (AdaBelief(epsilon=1e-7), "flux", "AdaBelief(0.001, (0.9, 0.999), 1e-7)"),
    (AdamW(decay=0.01), "flux", "ADAMW(0.001, (0.9, 0.999), 0.01)"),
    (AdamW(decay=0.01), "fluxopt_edu", "AdamW(eta=0.001, decay=0.01)"),
    (chain(WeightDecay(1e-4), Adam()), "flux", "Optimiser(WeightDecay(0.0001), ADAM(0.001))"),
    (chain(WeightDecay(1e-4), jl.Adam()), "optimisersjl",
     "Optimisers.OptimiserChain(Optimisers.WeightDecay(0.0001), Optimisers.Adam(eta = 0.001))"),
    (jl.AdamW(lambda_=0.1, couple=False), "optimisersjl", "Optimisers.AdamW(eta = 0.001, lambda = 0.1, couple = false)"),
    (optax.adadelta(), "optax", "optax.adadelta()"),
]  # fmt: skip


@pytest.mark.parametrize("opt, dialect, text", WRITTEN, ids=[text for *_, text in WRITTEN])
def test_written(opt, dialect, text):
    assert written(opt, dialect) == text


def numbers_for(cls, draw):
    """A constructor's arguments, in the ranges that it takes."""
    values = {}
    for own in cls.hyper:
        default = cls.__signature__.parameters[own].default
        kind = getattr(cls, "options", {}).get(own)
        if isinstance(default, bool):
            values[own] = draw(st.booleans())
        elif kind is not None and draw(st.booleans()):
            values[own] = kind.absent
        elif isinstance(default, tuple):
            values[own] = draw(st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)))
        else:
            values[own] = draw(st.floats(0, 0.999))
    return values


@st.composite
def optimisers(draw):
    dialect = draw(st.sampled_from(TARGETS))
    if dialect in ("flux", "fluxopt_edu"):
        cls = getattr(rules, draw(st.sampled_from([r for r in rules.__all__ if r != "WeightDecay"])))
    else:
        cls = draw(st.sampled_from(list(dialects._rules(dialect).values())))
    try:
        return dialect, cls(**numbers_for(cls, draw))
    except ValueError:  # options that the library refuses together
        return dialect, cls(**{p.name: 0.5 for p in cls.__signature__.parameters.values() if p.default is p.empty})


@settings(max_examples=200, deadline=None, derandomize=True)
@given(optimisers())
def test_what_is_written_is_read_back(given):
    dialect, opt = given
    text = written(opt, dialect)
    back = read(("fluxopt_edu." if dialect == "fluxopt_edu" else "") + text)
    assert repr(back.optimiser) == repr(opt) and back.dialect == dialect


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(min_value=0, allow_nan=False), st.sampled_from(TARGETS))
def test_numbers_are_exact(value, dialect):
    text = number_text(value, dialect)
    call = julia_call.parse(f"A({text})") if dialect in ("flux", "optimisersjl") else python_call.parse(f"A({text})")
    assert call.arguments[0].value == value and "e-0" not in text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("ADAM(),.=;0123456789eEf-+[]{}'\"# \nηβλtorchpimkas_*")))
def test_any_text_gives_an_optimiser_or_an_error_with_its_place(text):
    for prefix in ("", "ADAM(", "torch.optim.Adam(p, lr=", "Optimisers.Adam(", "optax.chain("):
        try:
            read(prefix + text)
        except CallError as error:
            assert 0 <= error.position <= len(prefix + text)


def test_every_flux_name():
    for flux, ours in FLUX_NAMES.items():
        assert type(read(f"{flux}()").optimiser) is type(read(f"{ours}()").optimiser) is getattr(rules, ours)


def test_other_values_are_kept_as_text():
    call = python_call.parse("torch.optim.Adam(model.parameters(), lr=lr)")
    assert call.arguments[1].value == Other("lr")
